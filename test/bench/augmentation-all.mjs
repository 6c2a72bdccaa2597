/**
 * Every augmenter beside imgaug's own, by the settings of `augmenters.examples()`, on one 500 × 500 RGB picture: CPU time, ours and theirs in
 * turns. imgaug 0.4 needs an old Python (test/fixtures/augmenters/requirements.txt), given by VITRINE_BENCH_IMGAUG, or by
 * VITRINE_BENCH_PYTHON. VITRINE_BENCH_NAMES picks some: blur.MedianBlur,geometric.Affine. VITRINE_BENCH_ROUNDS makes other rounds than four at
 * the least. VITRINE_BENCH_COLD=1 measures the first ten pictures of new processes instead, with both libraries loaded.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vitrine from "vitrine";
import { cpu, firstPictures, subjectFor } from "./augmentation-cold.mjs";
import { noisySlopes, SIDE } from "./noisy-slopes.mjs";
import { PythonPeer } from "./python-peer.mjs";

/** Seconds of a round, and how many rounds of each side at the least; what is slow gets one picture a round. */
const ROUND = 0.05;
const ROUNDS = Number(process.env.VITRINE_BENCH_ROUNDS ?? 4);
/** Rounds go on until chance has drawn enough for means to be known so well, as shares of them, or for so many seconds. */
const ERROR = 0.1;
const MOST_SECONDS = 4;
const COLD = process.env.VITRINE_BENCH_COLD === "1";
/** New processes of each side. */
const PROCESSES = 2;
const COLD_PICTURES = 10;

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

/** The second half of the rounds, when all is warm. */
const late = (rounds) => rounds.slice(rounds.length >> 1);

/** Chance draws differently, so that a mean says more than a best. */
function perSecond(rounds) {
  return rounds.reduce((sum, { count }) => sum + count, 0) / rounds.reduce((sum, each) => sum + each.cpu, 0);
}

/** The standard error of a round's mean time, as a share of it. */
function errorOf(rounds) {
  const times = rounds.map((each) => each.cpu / each.count);
  const mean = times.reduce((a, b) => a + b, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / Math.max(times.length - 1, 1);
  return Math.sqrt(variance / times.length) / mean;
}

const secondsOf = (rounds) => rounds.reduce((sum, each) => sum + each.cpu, 0);

async function warmRounds({ module, name, augmenter }, image, peer) {
  const subject = subjectFor(name, image);
  const [ours, theirs] = [[], []];
  for (;;) {
    ours.push(ourRound(augmenter, subject));
    const answer = await peer?.ask({ module, name, seconds: ROUND });
    if (answer) theirs.push(answer);
    if (answer?.missing) return { ours, theirs };
    if (ours.length < ROUNDS) continue;
    const isKnown = [ours, theirs].every((rounds) => rounds.length === 0 || errorOf(late(rounds)) < ERROR);
    if (isKnown || secondsOf(ours) + secondsOf(theirs) > MOST_SECONDS)
      return { ours: late(ours), theirs: late(theirs) };
  }
}

async function coldRounds({ module, name }, peer) {
  const [ours, theirs] = [[], []];
  for (let i = 0; i < PROCESSES; i++) {
    ours.push(await firstPictures(module, name, COLD_PICTURES));
    if (peer) theirs.push(await peer.ask({ module, name, first: COLD_PICTURES }));
  }
  return { ours, theirs };
}

async function row(example, image, peer) {
  const { ours, theirs } = COLD ? await coldRounds(example, peer) : await warmRounds(example, image, peer);
  const missing = theirs.find((each) => each.missing)?.missing;
  const figure = perSecond(ours);
  const found = missing || !peer ? null : perSecond(theirs);
  return {
    topic: "augmentation-all",
    name: `${example.module}.${example.name}${COLD ? `, first ${COLD_PICTURES}` : ""}`,
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
      if (wanted && !wanted.includes(`${example.module}.${example.name}`)) continue;
      rows.push(await row(example, image, peer));
    }
  } finally {
    await peer?.close();
    await rm(folder, { recursive: true });
  }
  return rows.sort((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0));
}
