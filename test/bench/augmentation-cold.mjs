/**
 * What the first pictures of a process cost, as a user meets an augmenter: with the augmenters loaded, and nothing yet compiled. The rest of the
 * library, which takes a second to load, is not needed.
 *
 * `node augmentation-cold.mjs MODULE NAME COUNT` prints { "count", "cpu" }: pictures, and seconds of CPU time.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { noisySlopes, SIDE } from "./noisy-slopes.mjs";

export const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** What some need beside the picture. */
export function subjectFor(name, image) {
  if (name === "BlendAlphaSegMapClassIds") {
    const data = Int32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) % 2);
    return { image, segmentationMaps: [{ data, width: SIDE, height: SIDE, channels: 1 }] };
  }
  if (name === "BlendAlphaBoundingBoxes") return { image, boxes: [{ x1: 40, y1: 50, x2: 300, y2: 400, label: "cup" }] };
  return { image };
}

const FILE = fileURLToPath(import.meta.url);

/** In a process of its own. */
export async function firstPictures(module, name, count) {
  const { stdout } = await promisify(execFile)(process.execPath, [FILE, module, name, String(count)]);
  return JSON.parse(stdout);
}

async function measured(module, name, count) {
  const augmenters = await import(new URL("augmenters/index.js", import.meta.resolve("vitrine")).href);
  const { augmenter } = augmenters.examples().find((each) => each.module === module && each.name === name);
  const subject = subjectFor(name, noisySlopes());
  const start = cpu();
  for (let i = 0; i < count; i++) augmenter.augment(subject);
  return { count, cpu: cpu() - start };
}

if (process.argv[1] === FILE) {
  const [module, name, count] = process.argv.slice(2);
  console.log(JSON.stringify(await measured(module, name, Number(count))));
}
