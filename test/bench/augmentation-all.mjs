/**
 * Every augmenter beside imgaug's own, by the settings of `augmenters.examples()`, on one 500 × 500 RGB picture: CPU time, ours and theirs in
 * turns. imgaug 0.4 needs an old Python (test/fixtures/augmenters/requirements.txt), given by VITRINE_BENCH_IMGAUG, or by
 * VITRINE_BENCH_PYTHON. VITRINE_BENCH_NAMES picks some: blur.MedianBlur,geometric.Affine. VITRINE_BENCH_ROUNDS makes more rounds than four, for
 * those whose time depends on what chance draws.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vitrine from "vitrine";
import { noisySlopes, SIDE } from "./augmentation.mjs";
import { PythonPeer } from "./python-peer.mjs";

/** Seconds of a round, and how many rounds of each side; what is slow gets one picture a round. */
const ROUND = 0.05;
const ROUNDS = Number(process.env.VITRINE_BENCH_ROUNDS ?? 4);

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** What some need beside the picture. */
function subjectFor(name, image) {
  if (name === "BlendAlphaSegMapClassIds") {
    const data = Int32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) % 2);
    return { image, segmentationMaps: [{ data, width: SIDE, height: SIDE, channels: 1 }] };
  }
  if (name === "BlendAlphaBoundingBoxes") return { image, boxes: [{ x1: 40, y1: 50, x2: 300, y2: 400, label: "cup" }] };
  return { image };
}

/** Python frees a picture when nobody has it, so that the next one finds warm memory; this is the same here. */
const into = new Uint8Array(4 * SIDE * SIDE * 3);

function ourRound(augmenter, subject) {
  const start = cpu();
  let count = 0;
  while (count === 0 || cpu() - start < ROUND) {
    augmenter.augment(subject, { into });
    count++;
  }
  return { count, cpu: cpu() - start };
}

/** Of the second half of the rounds, when all is warm; chance draws differently, so that a mean says more than a best. */
function perSecond(rounds) {
  const late = rounds.slice(rounds.length >> 1);
  return late.reduce((sum, { count }) => sum + count, 0) / late.reduce((sum, each) => sum + each.cpu, 0);
}

async function row({ module, name, augmenter }, image, peer) {
  const subject = subjectFor(name, image);
  const [ours, theirs] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    ours.push(ourRound(augmenter, subject));
    if (peer) theirs.push(await peer.ask({ module, name, seconds: ROUND }));
    // What takes a second does so every time.
    if (i === 1 && ours[1].cpu + (theirs[1]?.cpu ?? 0) > 1) break;
  }
  const missing = theirs.find((each) => each.missing)?.missing;
  const figure = perSecond(ours);
  const found = missing || !peer ? null : perSecond(theirs);
  return {
    topic: "augmentation-all",
    name: `${module}.${name}`,
    ours: figure,
    peer: found,
    peerName: missing ? `imgaug: ${missing}` : peer ? "imgaug 0.4.0" : "",
    unit: "pictures/CPU-s",
    ratio: found === null ? null : found / figure,
  };
}

/** The slowest beside imgaug first. */
export async function bench() {
  const python = process.env.VITRINE_BENCH_IMGAUG ?? process.env.VITRINE_BENCH_PYTHON;
  const wanted = process.env.VITRINE_BENCH_NAMES?.split(",");
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const file = join(folder, "picture");
  const image = noisySlopes();
  await writeFile(file, image.data);
  const peer = python ? new PythonPeer(python, "augmentation-all-peer.py", [String(SIDE), file]) : undefined;
  const rows = [];
  try {
    for (const example of vitrine.augmenters.examples()) {
      const { module, name } = example;
      if (wanted && !wanted.includes(`${module}.${name}`)) continue;
      // Severities are drawn otherwise, which differ a hundredfold in what they cost.
      const augmenter = module === "imgcorruptlike" ? vitrine.augmenters.imgcorruptlike[name](3) : example.augmenter;
      rows.push(await row({ module, name, augmenter }, image, peer));
    }
  } finally {
    await peer?.close();
    await rm(folder, { recursive: true });
  }
  return rows.sort((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0));
}
