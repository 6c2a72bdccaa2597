/**
 * The model behind suggestions: it answers for all pictures bit by bit, and learns from the labels in the background, while the person
 * goes on. What it said last stays until there is something newer.
 */
import { isVitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";
import type { TrainingObserver } from "../structures/training.js";
import type { AnnotationOrder, LabelSuggestion, ModelState } from "../protocol/index.js";
import type { AnnotatedPicture } from "./annotated-picture.js";
import type { AnnotationModel } from "./annotation-model.js";
import { heldOutLabels } from "./held-out-labels.js";
import { LabelScores } from "./label-scores.js";

/** What it works on, and whom it tells. */
export interface AssistantWork {
  ids: () => readonly number[];
  image: (
    id: number,
  ) => (AnnotatedPicture & { readonly flag: string | null; readonly rejectedLabels: readonly string[] }) | undefined;
  /** Something that the views show is new. */
  progressed: () => void;
  /** All pictures have been judged anew: orders are other than before. */
  judged: () => void;
  failed: (error: unknown) => void;
}

/** Pictures that the model judges between two looks at what else there is to do. */
const AT_ONCE = 128;

export class LabelAssistant {
  scores: LabelScores | undefined;
  features: Matrix | undefined;
  featureIds: readonly number[] = [];
  /** What models that have not seen a picture take it for; for the labels that are suspected. */
  heldOut: LabelScores | undefined;
  private readonly model: AnnotationModel;
  private readonly work: AssistantWork;
  private phase: ModelState["phase"] = "untrained";
  private text = "";
  private progress = 0;
  private newLabels = 0;
  private running: AbortController | undefined;
  private begun = false;

  constructor(model: AnnotationModel, work: AssistantWork) {
    this.model = model;
    this.work = work;
  }

  state(): ModelState {
    const { phase, text, progress, newLabels, model } = this;
    return { phase, text, progress, newLabels, trainable: model.train !== undefined, orders: this.orders() };
  }

  /** What the model takes a picture for; undefined where it has not answered, and where its answer was rejected. */
  suggestion(id: number): LabelSuggestion | undefined {
    const { labels = [], rejectedLabels = [] } = this.work.image(id) ?? {};
    const suggestion = this.scores?.suggestion(id, labels);
    // The model may suggest another label later, but not this one; what a person has set by now counts more.
    const isRejected = suggestion?.agrees === false && rejectedLabels.includes(suggestion.label);
    return isRejected ? undefined : suggestion;
  }

  /** A label has changed: what the model knows is a little older. */
  noteChange(): void {
    this.newLabels++;
  }

  /** Judges all pictures, once. */
  start(): void {
    if (this.begun) return;
    this.begun = true;
    void this.run((signal) => this.judge(signal));
  }

  train(): void {
    if (this.running) return;
    void this.run(async (signal) => {
      await this.learn(signal);
      await this.judge(signal);
    });
  }

  stop(): void {
    this.running?.abort();
  }

  private orders(): readonly AnnotationOrder[] {
    const byScores = ["least confidence", "margin", "entropy", "disagreement"] as const;
    const diversity = this.model.features ? (["diversity"] as const) : [];
    return ["index", ...(this.scores ? byScores : []), ...diversity];
  }

  private async run(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.running = controller;
    try {
      await task(controller.signal);
    } catch (error) {
      this.fail(error, controller.signal.aborted);
    } finally {
      this.running = undefined;
      this.work.progressed();
    }
  }

  private fail(error: unknown, stopped: boolean): void {
    if (isVitrineError(error, "NotReady")) {
      this.tell("untrained", "It has not learnt yet");
      return;
    }
    this.tell(this.scores ? "ready" : stopped ? "untrained" : "failed", stopped ? "Stopped" : "It failed");
    if (!stopped) this.work.failed(error);
  }

  private async learn(signal: AbortSignal): Promise<void> {
    const images = this.work.ids().flatMap((id) => this.teaching(id));
    this.tell("training", `learns from ${images.length} pictures`);
    this.newLabels = 0;
    const pictures = { name: "labelled so far", images };
    const observer = this.model.history === undefined ? {} : { observer: this.observer() };
    await this.model.train?.(pictures, { signal, ...observer });
  }

  /** A picture to learn from: one with labels that the model knows, and not to be left out. */
  private teaching(id: number): AnnotatedPicture[] {
    const image = this.work.image(id);
    const known = (label: string) => this.model.labels.includes(label);
    return image && image.labels.length > 0 && image.labels.every(known) && image.flag !== "skip" ? [image] : [];
  }

  private observer(): TrainingObserver {
    let epochs = 1;
    return {
      onStart: (plan) => void (epochs = plan.epochs),
      onStep: ({ phase, done, total }) => {
        if (phase === "features") this.tell("training", `looks at picture ${done} of ${total}`, done / total);
      },
      onEpoch: ({ epoch }) => this.tell("training", `epoch ${epoch} of ${epochs}`, epoch / epochs),
    };
  }

  private async judge(signal: AbortSignal): Promise<void> {
    const ids = [...this.work.ids()];
    const scores = new LabelScores(this.model.labels);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const part = ids.slice(from, from + AT_ONCE);
      this.tell("scoring", `has seen ${from} of ${ids.length} pictures`, from / ids.length);
      scores.take(part, await this.model.score(this.pictures(part), { signal }));
      // What is new counts at once where there was nothing before.
      this.scores = this.scores && this.scores.size > scores.size ? this.scores : scores;
    }
    this.scores = scores;
    await this.look(ids, signal);
    await this.holdOut(signal);
    this.tell("ready", `knows ${ids.length} pictures`, 1);
    this.work.judged();
  }

  /** What the model sees, for the order by diversity; features don't change while only a head learns, but the pictures may. */
  private async look(ids: readonly number[], signal: AbortSignal): Promise<void> {
    if (!this.model.features) return;
    this.features = await this.model.features(this.pictures(ids), { signal });
    this.featureIds = ids;
  }

  /** In place of the model's own answers: it agrees with the wrong labels that it has learnt. */
  private async holdOut(signal: AbortSignal): Promise<void> {
    const { features, featureIds, model } = this;
    if (!features) return;
    this.tell("scoring", "holds out a fifth of the labels, five times over", 1);
    const { ids, scores } = await heldOutLabels({
      labels: model.labels,
      features,
      ids: featureIds,
      labelsOf: (id) => this.work.image(id)?.labels ?? [],
      signal,
    });
    this.heldOut = new LabelScores(model.labels);
    this.heldOut.take(ids, scores);
  }

  private pictures(ids: readonly number[]) {
    return { name: "pictures", images: ids.flatMap((id) => this.work.image(id) ?? []) };
  }

  private tell(phase: ModelState["phase"], text: string, progress = 0): void {
    this.phase = phase;
    this.text = text;
    this.progress = progress;
    this.work.progressed();
  }
}
