/** A training written down as its options ask: into a folder of its own, for TensorBoard, both or neither. */
import { basename, dirname } from "node:path";

import type { SheetItem } from "../data/thumbnail.js";
import type { NetworkPlan } from "../models/plan.js";
import type { Matrix } from "../structures/matrix.js";
import { engineClient } from "./engine.js";
import { judge } from "./judge-pictures.js";
import type { PictureSet } from "./labelled-pictures.js";
import { environment, freeRunFolder, RunFolder } from "./run-folder.js";
import type { RunRecorder } from "./run-recorder.js";
import type { HyperParameter } from "./tensorboard-events.js";
import { TensorboardRun } from "./tensorboard-run.js";
import type { CheckedTrainOptions } from "./train-options.js";

export interface RunFacts {
  title: string;
  /** What the model is: its base, its size, where its weights came from. */
  model: Readonly<Record<string, unknown>>;
  labels: readonly string[];
  plan: NetworkPlan;
  dataset: PictureSet;
  options: CheckedTrainOptions;
  /** Of the model as it is when it is asked. */
  score: (dataset: PictureSet) => Promise<Matrix>;
}

export interface RunRecords {
  /** Where it is written down; undefined: it isn't. */
  folder: string | undefined;
  recorders: readonly RunRecorder[];
}

/** @throws CannotWrite */
export async function recordRun(facts: RunFacts): Promise<RunRecords> {
  const { runFolder, tensorboardLogdir, resume } = facts.options;
  const folder = runFolder === undefined || resume ? runFolder : freeRunFolder(runFolder);
  const recorders: RunRecorder[] = [];
  if (folder !== undefined) {
    const machine = environment(await engineClient().request("info", null));
    recorders.push(await RunFolder.create(folder, runConfig(facts), machine));
  }
  const logdir = tensorboardLogdir ?? folder;
  if (logdir !== undefined) recorders.push(await TensorboardRun.create(logdir, tensorboardFacts(facts, logdir)));
  return { folder, recorders };
}

/** All that has a value and can be written as text. */
function runConfig({ title, model, labels, dataset, options }: RunFacts): object {
  const { augmenter, evalDataset, runFolder: _folder, tensorboardLogdir: _logdir, ...training } = options;
  return {
    title,
    model,
    labels,
    training: { ...training, augment: augmenter !== undefined },
    dataset: counted(dataset, labels),
    evaluation: evalDataset && counted(evalDataset, labels),
  };
}

const counted = ({ name, images }: PictureSet, labels: readonly string[]) => ({
  name,
  pictures: images.length,
  labels: Object.fromEntries(
    labels.map((label) => [label, images.filter((image) => image.labels.includes(label)).length]),
  ),
});

function tensorboardFacts(facts: RunFacts, logdir: string) {
  const { dataset, labels, plan, score, options } = facts;
  const { evalDataset } = options;
  return {
    name: `${basename(dirname(logdir))}/${basename(logdir)}`,
    plan,
    parameters: hyperParameters(facts),
    samples: someOf(dataset),
    judged: async () => evalDataset && judge(evalDataset, await score(evalDataset), labels),
  };
}

const SHOWN = 16;

/** Evenly spread, so that every class has its turn. */
function someOf({ images }: PictureSet): SheetItem[] {
  const count = Math.min(SHOWN, images.length);
  return Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]).flatMap((image) =>
    image ? [{ source: image.storagePath, caption: image.labels.join(", ") }] : [],
  );
}

/** The options as a table has them: numbers, words, yes and no. */
function hyperParameters({ model, dataset, options }: RunFacts): Record<string, HyperParameter> {
  const { rates, optimizer, earlyStopping, checkpoints: _c, resume: _r, ...rest } = options;
  const { augmenter, evalDataset, runFolder: _f, tensorboardLogdir: _t, ...plain } = rest;
  const first = "kind" in rates ? rates.rate : (rates[0] ?? 0);
  const values: Record<string, unknown> = {
    ...model,
    pictures: dataset.images.length,
    evaluationPictures: evalDataset?.images.length,
    learningRate: first,
    schedule: "kind" in rates ? rates : rates.join(", "),
    optimizer: optimizer.kind,
    ...Object.fromEntries(Object.entries(optimizer).filter(([name]) => name !== "kind")),
    earlyStopping,
    augment: augmenter !== undefined,
    ...plain,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, asParameter(value)]])),
  );
}

function asParameter(value: unknown): HyperParameter {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
