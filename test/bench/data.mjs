/**
 * Reading pictures: the 63 sample photographs to 112 × 112 pixels, beside the same steps written by hand with sharp, and what
 * loading a folder costs. Reading annotations: 10,000 files of Pascal VOC, beside fast-xml-parser with its validator.
 *
 * A figure is the best of several rounds, of ours and of the peer's in turn: what the code costs, not what else the machine
 * was doing.
 */
import { readFileSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vitrine from "vitrine";

const require = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const sharp = require("sharp");

const SIDE = 112;
const ROUNDS = 6;

/** What one writes who knows that the file is a good one: the central square, resized. */
async function byHand(path) {
  const bytes = await readFile(path);
  const { autoOrient } = await sharp(bytes).metadata();
  const side = Math.min(autoOrient.width, autoOrient.height);
  const [left, top] = [(autoOrient.width - side) >> 1, (autoOrient.height - side) >> 1];
  const square = sharp(bytes).autoOrient().extract({ left, top, width: side, height: side });
  return square.resize(SIDE, SIDE, { kernel: "lanczos3" }).removeAlpha().raw().toBuffer();
}

async function perSecond(count, action) {
  const start = performance.now();
  await action();
  return (count * 1000) / (performance.now() - start);
}

async function decodeRow(paths) {
  let ours = 0;
  let peer = 0;
  const decode = async (one) => {
    for (const path of paths) await one(path);
  };
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.max(
      ours,
      await perSecond(paths.length, () => decode((path) => vitrine.decodeImage(path, { width: SIDE, height: SIDE }))),
    );
    peer = Math.max(peer, await perSecond(paths.length, () => decode(byHand)));
  }
  const name = `read, crop and resize to ${SIDE} × ${SIDE}`;
  return {
    topic: "data",
    name,
    ours,
    peer,
    peerName: "sharp by hand, unchecked",
    unit: "pictures/s",
    ratio: peer / ours,
  };
}

async function loadRow(folder, count) {
  let ours = 0;
  const load = () => vitrine.ClassificationDataset.createFromDir("tableware", folder);
  for (let round = 0; round < ROUNDS; round++) ours = Math.max(ours, await perSecond(count, load));
  const name = "load a folder: every picture hashed and decoded";
  return { topic: "data", name, ours, peer: null, peerName: "", unit: "pictures/s", ratio: null };
}

async function changeRow(folder) {
  const set = await vitrine.ClassificationDataset.createFromDir("tableware", folder);
  let ours = Infinity;
  for (let i = 0; i < 200; i++) {
    const label = set.images[0].labels[0] === "cup" ? "plate" : "cup";
    const start = performance.now();
    set.changeLabelForImage(0, label);
    ours = Math.min(ours, performance.now() - start);
  }
  return { topic: "data", name: "change a label, on disk", ours, peer: null, peerName: "", unit: "ms", ratio: null };
}

/** 10,000 XML files, copies of the sample data's: read from disk, parsed, validated, and for us taken apart into boxes. */
async function annotationRow(folder) {
  const source = fileURLToPath(new URL("../../sample_data/fridge/train/Annotations", import.meta.url));
  const names = await readdir(source);
  const paths = Array.from({ length: FILES }, (_, index) => join(folder, `${index}.xml`));
  for (const [index, path] of paths.entries()) await cp(join(source, names[index % names.length]), path);
  const { readVocFile } = require(
    fileURLToPath(new URL("../../src/kernel-lib/dist/data/formats/voc-file.js", import.meta.url)),
  );
  const { XMLParser, XMLValidator } = require("fast-xml-parser");
  const parser = new XMLParser();
  const byLibrary = () => {
    for (const path of paths) {
      const text = readFileSync(path, "utf8");
      if (XMLValidator.validate(text) !== true) throw new Error(path);
      parser.parse(text);
    }
  };
  let [ours, peer] = [Infinity, Infinity];
  for (let round = 0; round < 3; round++) {
    ours = Math.min(ours, await seconds(() => paths.forEach((path) => readVocFile(path))));
    peer = Math.min(peer, await seconds(byLibrary));
  }
  const name = `read and check ${FILES} files of Pascal VOC`;
  return { topic: "data", name, ours, peer, peerName: "fast-xml-parser, not checked", unit: "s", ratio: ours / peer };
}

const FILES = 10_000;

async function seconds(action) {
  const start = performance.now();
  await action();
  return (performance.now() - start) / 1000;
}

/** The rows of the benchmark table. */
export async function bench() {
  const samples = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "vitrine-bench-"));
  try {
    await cp(samples, folder, { recursive: true, filter: (path) => !path.includes(".vitrine") });
    const set = await vitrine.ClassificationDataset.createFromDir("tableware", folder);
    const paths = set.images.map(({ storagePath }) => storagePath);
    return [
      await decodeRow(paths),
      await loadRow(folder, paths.length),
      await changeRow(folder),
      await annotationRow(folder),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
