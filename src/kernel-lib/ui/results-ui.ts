/**
 * `ResultsUI`: the pictures of a data set beside what a model took them for. A label that turns out to be wrong is corrected on
 * the spot: the data set has it at once, and the model's answer counts as right or wrong by it.
 */
import type { ClassificationDataset, ClassificationChange } from "../data/classification-dataset.js";
import type { StaticView } from "../comm/widget.js";
import type { PictureRequest, ResultsCommand, ResultsRow, ResultsState } from "../protocol/index.js";
import type { Matrix } from "../structures/matrix.js";
import { datasetOption, givenOption, knownOptions } from "../structures/options.js";
import { describeLabels, type GalleryDataset, GalleryWidget } from "./gallery-widget.js";
import { gridOption, type GridSize } from "./grid-option.js";
import { obeyMark } from "./marks.js";
import { labelText, relabelled } from "./picture-row.js";
import { Predictions, type PredictionOptions } from "./predictions.js";
import { type ExplainingModel, ResultsExplainer } from "./results-explainer.js";
import { ResultsSession } from "./results-session.js";
import { pictures, staticGallery } from "./static-gallery.js";

/** A `ClassificationEvaluation` has what this needs. */
export interface ResultsOptions extends PredictionOptions, ResultsViewOptions {}

export interface ResultsViewOptions {
  /** Columns and rows of the grid, 1 to 20 each; `[3, 2]` by default. */
  gridSize?: GridSize;
  /** Another model's results on the same pictures and labels, an evaluation say: "disagreement" is how far both are apart. */
  comparedWith?: { readonly scores: Matrix };
  /** The model, which can say what a picture is like and where it looked: a `TransferLearningModel`. */
  model?: ExplainingModel;
  /** What it was trained on: the pictures among which the most similar are looked for. */
  training?: ClassificationDataset;
}

type Command = Exclude<ResultsCommand, PictureRequest>;

/**
 * A cell's value that shows itself:
 *
 * ```ts
 * new ResultsUI(test, evaluation)
 * new ResultsUI(test, evaluation, { model, training: train })
 * new ResultsUI(test, { scores: await model.score(test) })
 * ```
 */
export class ResultsUI extends GalleryWidget<ResultsState, Command> {
  private readonly dataset: ClassificationDataset;
  private readonly session: ResultsSession;
  private readonly explainer: ResultsExplainer;

  /** @throws InvalidOption where scores, predictions and pictures don't belong together */
  constructor(dataset: ClassificationDataset, results: ResultsOptions, options: ResultsViewOptions = {}) {
    knownOptions("ResultsUI", options, ["gridSize", "comparedWith", "model", "training"]);
    datasetOption(dataset);
    givenOption(
      "results",
      results,
      ["scores"],
      "an evaluation, as ClassificationEvaluation.run gives it, or { scores }",
    );
    const { gridSize = [3, 2], comparedWith, model, training } = { ...viewOptions(results), ...options };
    const predictions = new Predictions(dataset.size(), dataset.labels, results, comparedWith?.scores);
    const explainer = new ResultsExplainer(dataset.images, { model, training });
    const session = new ResultsSession(dataset, predictions, gridOption(gridSize), explainer);
    super("Results", withPictures(dataset, explainer), session.state());
    this.dataset = dataset;
    this.session = session;
    this.explainer = explainer;
  }

  protected current(): ResultsState {
    return this.session.state();
  }

  protected note(change: ClassificationChange): boolean {
    return this.session.note(change);
  }

  protected reveal(image: ClassificationChange["image"]): void {
    const id = this.session.idOf(image);
    if (id !== undefined) this.session.list.reveal(id);
  }

  protected obey(command: Command): void {
    switch (command.type) {
      case "filter":
        this.session.applyFilter(command.filter);
        break;
      case "order":
        this.session.applyOrder(command.order);
        break;
      case "nextOrder":
        this.session.nextOrder();
        break;
      case "plot":
        this.session.showPlot(command.kind);
        break;
      case "pick":
        this.session.pick(command.trace, command.index);
        break;
      case "similar":
        this.later(this.explainer.showSimilar(command.on));
        break;
      case "saliency":
        this.explainer.explain(command.on);
        break;
      case "flag":
      case "note":
        obeyMark(this.dataset, command, this.session.list.chosen === undefined ? [] : [this.session.list.chosen]);
        break;
      case "acceptLabel":
        this.relabel(command.id, this.session.suggestion(command.id) ?? "");
        break;
      case "label":
        this.relabel(command.id, command.label);
        break;
      case "undo":
        this.undo();
        break;
      case "redo":
        this.redo();
        break;
      default:
        this.session.list.browse(command);
    }
    this.later(this.explainer.explainChosen(this.session.chosen));
  }

  protected describe(change: ClassificationChange): string {
    return describeLabels(change);
  }

  protected staticView(): Promise<StaticView> {
    const state = this.session.state();
    return staticGallery({
      title: `${state.dataset}: ${pictures(state.total)}, ${state.correct} correct, ${state.incorrect} incorrect`,
      tiles: state.page.map((row) => ({ source: row.path, caption: caption(row) })),
      columns: state.columns,
      heads: ["label", "is", "taken for"],
      rows: state.labels.map((label, i) => [
        label,
        String(state.truthCounts[i] ?? 0),
        String(state.predictionCounts[i] ?? 0),
      ]),
    });
  }

  /** Shows what comes of something that takes a while. */
  private later(work: Promise<unknown>): void {
    work.then(
      (changed) => {
        if (changed !== false) this.refresh();
      },
      (error: unknown) => {
        this.fail(error);
        this.refresh();
      },
    );
  }

  private relabel(id: number, label: string): void {
    if (label === "") return;
    const refusal = relabelled(this.dataset, id, [label]);
    if (refusal !== undefined) this.announce(refusal);
  }
}

/** An evaluation has other fields than a caller's options. */
function viewOptions({ gridSize, comparedWith, model, training }: ResultsOptions): ResultsViewOptions {
  return {
    ...(gridSize && { gridSize }),
    ...(comparedWith && { comparedWith }),
    ...(model && { model }),
    ...(training && { training }),
  };
}

/** The data set with the training's pictures behind its own, so that both can be asked for. */
function withPictures(
  dataset: ClassificationDataset,
  { pictures: images }: ResultsExplainer,
): GalleryDataset<ClassificationChange> {
  return {
    images,
    onChange: (listener) => dataset.onChange(listener),
    undo: () => dataset.undo(),
    redo: () => dataset.redo(),
  };
}

function caption({ name, truth, prediction, score, correct }: ResultsRow): string {
  const answer = correct ? `✓ ${prediction}` : `✗ ${prediction}, is ${labelText(truth)}`;
  return `${name}: ${answer} (${score.toFixed(2)})`;
}
