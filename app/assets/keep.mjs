import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";

/** Write files under names with a digest of their content; return plain name -> that name. */
export async function keep(outFolder, files) {
  const manifest = {};
  for (const [name, content] of Object.entries(files)) {
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 8);
    manifest[name] = name.replace(".", `-${digest}.`);
    await writeFile(path.join(outFolder, manifest[name]), content);
  }
  return manifest;
}
