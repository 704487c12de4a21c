// The mark and the border of Minga are woven: each character of weave/*.txt is one stitch.
// From the same pattern come the drawing (SVG) and the icons (PNG) that some browsers want.
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";

const THREADS = {
  ".": null,
  p: [0x0b, 0x3f, 0x3d], // pine, the ground of the header
  g: [0x2f, 0x8f, 0x83], // river green
  o: [0xf2, 0xb1, 0x34], // ochre
  t: [0xc8, 0x55, 0x2b], // terracotta
  c: [0xfb, 0xf3, 0xe4], // undyed wool
};

/** The pattern weave/`name`.txt as SVG. */
export const drawing = async (name) => svg(await pattern(name));

/** The mark and the icons: name -> content. */
export async function marks() {
  const mark = await pattern("mark");
  return {
    "mark.svg": svg(mark),
    "icon-32.png": png(mark, 32),
    "icon-180.png": png(mark, 180),
  };
}

async function pattern(name) {
  const text = await readFile(new URL(`weave/${name}.txt`, import.meta.url), "utf8");
  return text.trimEnd().split("\n");
}

function svg(rows) {
  const [width, height] = [rows[0].length, rows.length];
  const paths = Object.entries(THREADS)
    .filter(([, colour]) => colour)
    .map(([thread, colour]) => [hex(colour), outline(rows, thread)])
    .filter(([, d]) => d)
    .map(([colour, d]) => `<path fill="${colour}" d="${d}"/>`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `shape-rendering="crispEdges">${paths.join("")}</svg>`
  );
}

/** One rectangle per run of equal stitches in a row. */
function outline(rows, thread) {
  return rows
    .flatMap((row, y) =>
      [...row.matchAll(new RegExp(`${thread}+`, "g"))].map(
        ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
      ),
    )
    .join("");
}

const hex = (colour) => "#" + colour.map((part) => part.toString(16).padStart(2, "0")).join("");

/** An RGBA picture of `size` × `size`, stitches enlarged without smoothing. */
function png(rows, size) {
  const lines = Array.from({ length: size }, (_, y) => {
    const row = rows[Math.floor((y * rows.length) / size)];
    const pixels = Array.from({ length: size }, (_, x) => {
      const colour = THREADS[row[Math.floor((x * row.length) / size)]];
      return colour ? [...colour, 255] : [0, 0, 0, 0];
    });
    return Buffer.from([0, ...pixels.flat()]); // 0: this line is not filtered
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(Buffer.concat(lines), { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", body), chunk("IEND")]);
}

function chunk(type, data = Buffer.alloc(0)) {
  const content = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const framed = Buffer.alloc(content.length + 8);
  framed.writeUInt32BE(data.length, 0);
  content.copy(framed, 4);
  framed.writeUInt32BE(crc32(content), content.length + 4);
  return framed;
}
