// Builds what the browser gets: node build.mjs OUT_FOLDER
//
// Every file carries a digest of its content in its name, so it may be cached for ever;
// manifest.json says which name is the present one (read by app/static_files.py).
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { keep } from "./keep.mjs";
import { drawing, marks } from "./weave.mjs";

const outFolder = path.resolve(process.argv[2]);
const here = import.meta.dirname;

/** url("./weave/band.svg") in a style sheet is drawn from weave/band.txt. */
const weave = {
  name: "weave",
  setup(build) {
    build.onResolve({ filter: /^\.\/weave\/.*\.svg$/ }, ({ path: file }) => ({
      path: path.join(here, file),
      namespace: "weave",
    }));
    build.onLoad({ filter: /.*/, namespace: "weave" }, async ({ path: file }) => ({
      contents: await drawing(path.parse(file).name),
      loader: "dataurl",
    }));
  },
};

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path: file }) => ({
      contents: sass.compile(file, {
        loadPaths: [path.join(here, "node_modules")],
        quietDeps: true,
      }).css,
      loader: "css",
    }));
  },
};

async function bundle() {
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [
      "scss/app.scss",
      "js/app.js",
      "js/ballot.js",
      "js/map.js",
      "js/passkey.js",
      "js/scanner.js",
    ],
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    outdir: outFolder,
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: "es2020",
    legalComments: "none", // the licences are collected below
    loader: { ".woff2": "file", ".png": "file", ".svg": "file" },
    logLevel: "warning",
    plugins: [weave, scss],
  });
  return entries(metafile);
}

/** The file that stands for each entry point, and the style sheet that came with a script. */
function entries(metafile) {
  const manifest = {};
  for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const name = path.parse(entryPoint).name;
    manifest[name + path.extname(file)] = path.basename(file);
    if (cssBundle) manifest[`${name}.css`] = path.basename(cssBundle);
  }
  return manifest;
}

/** Our thanks, and a condition of the licences: each text goes along with the work. */
async function licences() {
  const { dependencies } = JSON.parse(await readFile(path.join(here, "package.json"), "utf8"));
  // The npm package of GOV.UK Frontend leaves its licence out, so it lies in our folder.
  const ours = { "govuk-frontend": "licences/govuk-frontend.txt" };
  const names = [...Object.keys(dependencies), "zxing-wasm"]; // the reader within barcode-detector
  const texts = names.map(async (name) => {
    const file = path.join(here, ours[name] ?? `node_modules/${name}/LICENSE`);
    return `${name}\n\n${await readFile(file, "utf8")}`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(78)}\n\n`);
}

/** What reads QR codes where the browser cannot; fetched by its page, not part of a script. */
const reader = await readFile(
  path.join(here, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm"),
);
const others = {
  ...(await marks()),
  "zxing_reader.wasm": reader,
  "licences.txt": await licences(),
};
const manifest = { ...(await bundle()), ...(await keep(outFolder, others)) };
await writeFile(path.join(outFolder, "manifest.json"), JSON.stringify(manifest, null, 2));
