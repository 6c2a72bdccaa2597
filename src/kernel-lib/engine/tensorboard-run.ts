/**
 * A training for TensorBoard: curves, histograms of weights and gradients by stage, pictures with their labels and what the model
 * makes of them, the confusion matrix, the network as a graph, and what the run was told as a text and as hyper-parameters.
 */
import { contactSheet, type SheetItem } from "../data/thumbnail.js";
import type { NetworkPlan } from "../models/plan.js";
import type { EpochReport } from "../structures/training.js";
import { matrixPicture } from "./matrix-picture.js";
import { networkGraph } from "./network-graph.js";
import type { RunEnd, RunRecorder } from "./run-recorder.js";
import type { StageHistograms } from "./stage-histograms.js";
import { graphEvent, type HyperParameter, histogramEvent } from "./tensorboard-events.js";
import { EventWriter } from "./tensorboard-writer.js";

export interface TensorboardFacts {
  /** The run's. */
  name: string;
  plan: NetworkPlan;
  parameters: Readonly<Record<string, HyperParameter>>;
  /** Some training pictures with their labels. */
  samples: readonly SheetItem[];
  /** What the model that was kept makes of the evaluation pictures; undefined where there are none. */
  judged: () => Promise<Judged | undefined>;
}

export interface Judged {
  labels: readonly string[];
  /** Rows: truth, columns: prediction. */
  matrix: readonly (readonly number[])[];
  /** Some evaluation pictures with what they are and what they were taken for. */
  samples: readonly SheetItem[];
}

const SHEET = { columns: 4, side: 160 };

export class TensorboardRun implements RunRecorder {
  private readonly writer: EventWriter;
  private readonly facts: TensorboardFacts;

  private constructor(logdir: string, facts: TensorboardFacts) {
    this.writer = new EventWriter(logdir);
    this.facts = facts;
  }

  /** @throws CannotWrite */
  static async create(logdir: string, facts: TensorboardFacts): Promise<TensorboardRun> {
    const run = new TensorboardRun(logdir, facts);
    const { name, plan, parameters, samples } = facts;
    run.writer.hyperParameters(parameters, name);
    run.writer.text("config", configTable(parameters), 0);
    run.writer.add(graphEvent(networkGraph(plan), Date.now() / 1000));
    run.writer.image("pictures/training", await contactSheet(samples, SHEET), 0);
    return run;
  }

  epoch({ epoch, loss, trainError, evalLoss, evalError, learningRate, imagesPerSecond }: EpochReport): void {
    const curves: [string, number | undefined][] = [
      ["loss/train", loss],
      ["loss/evaluation", evalLoss],
      ["error/train", trainError],
      ["error/evaluation", evalError],
      ["training/learning rate", learningRate],
      ["training/images per second", imagesPerSecond],
    ];
    for (const [tag, value] of curves) if (value !== undefined) this.writer.scalar(tag, value, epoch);
  }

  histograms({ epoch, weights, gradients }: StageHistograms): void {
    const time = { step: epoch, wallTime: Date.now() / 1000 };
    for (const [group, histograms] of Object.entries({ weights, gradients })) {
      for (const [stage, histogram] of Object.entries(histograms)) {
        this.writer.add(histogramEvent(`${group}/${stage}`, histogram, time));
      }
    }
  }

  async end({ reason, bestEpoch, interrupted }: RunEnd): Promise<void> {
    try {
      const judged = reason === "failed" || interrupted || bestEpoch === 0 ? undefined : await this.facts.judged();
      if (judged) await this.judgement(judged, bestEpoch);
      this.writer.sessionEnd(reason !== "failed");
    } finally {
      this.writer.close();
    }
  }

  private async judgement({ labels, matrix, samples }: Judged, epoch: number): Promise<void> {
    this.writer.image("pictures/predictions", await contactSheet(samples, SHEET), epoch);
    const picture = await matrixPicture(matrix, labels);
    if (picture) this.writer.image("confusion matrix", picture, epoch);
  }
}

function configTable(parameters: TensorboardFacts["parameters"]): string {
  const cell = (value: HyperParameter) => String(value).replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = Object.entries(parameters).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`);
  return ["| option | value |", "| --- | --- |", ...rows].join("\n");
}
