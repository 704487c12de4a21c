// The browser's own reader of QR codes where it can see, else the one that Minga brings along.
import { BarcodeDetector as Bundled, prepareZXingModule } from "barcode-detector/ponyfill";

const FORMATS = { formats: ["qr_code"] };
const SELF_TEST_MILLISECONDS_MAX = 2000;
const MODULE_PIXELS = 8;
const BORDER = 4;
const TEST_TEXT = "MINGA";
const TEST_PICTURE = [
  "#######...#.#.#######",
  "#.....#.....#.#.....#",
  "#.###.#.#.#...#.###.#",
  "#.###.#.....#.#.###.#",
  "#.###.#..#.##.#.###.#",
  "#.....#..###..#.....#",
  "#######.#.#.#.#######",
  "........#.#..........",
  "###.#####.#.###...#..",
  "##...#...###.#.#.###.",
  "#...#.####.#.###..#.#",
  "#...##....####.###..#",
  ".#.#.###...#.###.#.#.",
  "........###...#.....#",
  "#######.###.#...#....",
  "#.....#.###...#....##",
  "#.###.#.#...#.#.###.#",
  "#.###.#..###.#.#.#.#.",
  "#.###.#.#..#.###..#.#",
  "#.....#.#.####.###.##",
  "#######.#..#.###..#.#",
];

/** Return something with `detect(video)`. `wasmUrl`: where Minga serves the bundled reader. */
export async function findDetector(wasmUrl) {
  if (await canSee(globalThis.BarcodeDetector)) return new globalThis.BarcodeDetector(FORMATS);
  await prepareZXingModule({
    overrides: { locateFile: () => wasmUrl },
    fireImmediately: true, // so that a reader that cannot be loaded is told at once
  });
  return new Bundled(FORMATS);
}

/** Some browsers have a detector that never finds anything: one picture must be read first. */
async function canSee(Detector) {
  if (!Detector) return false;
  const late = new Promise((resolve) => setTimeout(resolve, SELF_TEST_MILLISECONDS_MAX, []));
  try {
    const found = await Promise.race([new Detector(FORMATS).detect(testPicture()), late]);
    return found.some((one) => one.rawValue === TEST_TEXT);
  } catch {
    return false;
  }
}

function testPicture() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (TEST_PICTURE.length + 2 * BORDER) * MODULE_PIXELS;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  TEST_PICTURE.forEach((row, y) => {
    [...row].forEach((module, x) => {
      if (module === "#") pen.fillRect(...[x + BORDER, y + BORDER, 1, 1].map((n) => n * MODULE_PIXELS));
    });
  });
  return canvas;
}
