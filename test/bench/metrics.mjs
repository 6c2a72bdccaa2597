/**
 * Metrics and the linear classifiers against scikit-learn and pycocotools, where the Python of VITRINE_BENCH_PYTHON or the project's .venv
 * has them (nothing of vitrine needs them).
 *
 * Both sides get the same numbers, made from one formula. The figure is CPU time, the best of several runs: what the code costs, not
 * what else the machine was doing.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import vitrine from "vitrine";

const SCORES = 1_000_000;
const [ROWS, COLUMNS, CLASSES] = [1000, 2048, 4];

/** The same sequence as `numbers` in metrics-peer.py: Lehmer's generator modulo 2³¹ - 1, in 0..1. */
function lehmer(seed) {
  let state = BigInt(seed);
  return () => Number((state = (state * 48271n) % 2147483647n)) / 2147483647;
}

function curveData() {
  const next = lehmer(1);
  const scores = Float64Array.from({ length: SCORES }, next);
  const truth = Uint8Array.from(scores, (score) => (next() < 0.2 + 0.6 * score ? 1 : 0));
  return { truth, scores };
}

/** Features as a global average pool leaves them: positive, skewed, hardly ever zero, with means that differ a little by class. */
function svmData() {
  const next = lehmer(2);
  const classes = Array.from({ length: ROWS }, (_, i) => i % CLASSES);
  const data = new Float32Array(ROWS * COLUMNS);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / COLUMNS);
    data[i] = next() ** 2 + ((i % COLUMNS) % CLASSES === classes[row] ? 0.05 : 0);
  }
  return { features: { rows: ROWS, columns: COLUMNS, data }, classes };
}

function best(runs, action, clock = cpuTime) {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = clock();
    action();
    least = Math.min(least, clock() - start);
  }
  return least;
}

/** Milliseconds that this process has computed, whatever else the machine did. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** scikit-learn's milliseconds and answers, or undefined where it is not installed. */
async function peer() {
  const python = process.env.VITRINE_BENCH_PYTHON ?? fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
  if (!existsSync(python)) return undefined;
  try {
    const script = fileURLToPath(new URL("metrics-peer.py", import.meta.url));
    const sizes = [SCORES, ROWS, COLUMNS, CLASSES].map(String);
    const { stdout } = await promisify(execFile)(python, [script, ...sizes]);
    return JSON.parse(stdout);
  } catch (error) {
    if (/No module named/.test(String(error.stderr))) return undefined;
    throw error;
  }
}

const row = (name, ours, theirs, peerName = "scikit-learn") => ({
  topic: "metrics",
  name: `${name}, CPU time`,
  ours,
  peer: theirs ?? null,
  peerName,
  unit: "ms",
  ratio: theirs === undefined ? null : ours / theirs,
});

/** 5,000 pictures with 20 objects of 8 classes each, and a detection near each object. */
function detectionData() {
  const next = lehmer(3);
  const categories = Array.from({ length: 8 }, (_, i) => ({ id: i + 1 }));
  const images = Array.from({ length: 5000 }, (_, id) => ({ id }));
  const annotations = images.flatMap(({ id: image_id }) =>
    Array.from({ length: 20 }, () => ({
      image_id,
      category_id: 1 + Math.min(7, Math.floor(8 * next())),
      bbox: [400 * next(), 400 * next(), 10 + 190 * next(), 10 + 190 * next()],
    })),
  );
  const detections = annotations.map(({ image_id, category_id, bbox: [x, y, width, height] }) => {
    const bbox = [x + 0.2 * width * (next() - 0.5), y + 0.2 * height * (next() - 0.5), width, height];
    return { image_id, category_id, bbox, score: next() };
  });
  return { groundTruth: { images, categories, annotations }, detections };
}

/** Two that don't agree can't be compared. @param theirs in the order in which pycocotools sums up */
function sameFigures(ours, theirs) {
  const { ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge } = ours;
  const figures = [ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge];
  const worst = Math.max(
    ...(theirs ?? []).map((value, i) => Math.abs(value - (Number.isNaN(figures[i]) ? -1 : figures[i]))),
  );
  if (theirs && !(worst < 1e-6))
    throw new Error(`pycocotools says ${theirs.join(", ")}, vitrine ${figures.join(", ")}`);
}

/** The rows of the benchmark table. */
export async function bench() {
  const { metrics, LinearSVC, LogisticRegression } = vitrine;
  const { truth, scores } = curveData();
  const { features, classes } = svmData();
  const curve = best(5, () => metrics.precisionRecallCurve(truth, scores));
  const area = best(5, () => metrics.rocAuc(truth, scores));
  const svm = best(3, () => new LinearSVC().fit(features, classes));
  const logistic = best(3, () => new LogisticRegression().fit(features, classes));
  const { groundTruth, detections } = detectionData();
  const coco = best(3, () => metrics.cocoEvaluate(groundTruth, detections));
  const theirs = await peer();
  sameFigures(metrics.cocoEvaluate(groundTruth, detections), theirs?.cocoFigures);
  return [
    row("precision-recall curve of 1,000,000 scores", curve, theirs?.curve),
    row("ROC area of 1,000,000 scores", area, theirs?.area),
    row("COCO's figures, 5,000 pictures × 20 objects × 8 classes", coco, theirs?.coco, "pycocotools"),
    row("LinearSVC, 1000 × 2048, 4 classes", svm, theirs?.svm),
    row("LogisticRegression, 1000 × 2048, 4 classes", logistic, theirs?.logistic),
  ];
}
