/**
 * `ResultsUI`: the pictures of a data set beside what a model took them for. A label that turns out to be wrong is corrected on
 * the spot: the data set has it at once, and the model's answer counts as right or wrong by it.
 */
import type { ClassificationDataset, ClassificationChange } from "../data/classification-dataset.js";
import type { StaticView } from "../comm/widget.js";
import type { PictureRequest, ResultsCommand, ResultsRow, ResultsState } from "../protocol/index.js";
import { describeLabels, GalleryWidget } from "./gallery-widget.js";
import { gridOption, type GridSize } from "./grid-option.js";
import { labelText, relabelled } from "./picture-row.js";
import { Predictions, type PredictionOptions } from "./predictions.js";
import { ResultsSession } from "./results-session.js";
import { pictures, staticGallery } from "./static-gallery.js";

/** A `ClassificationEvaluation` has what this needs. */
export interface ResultsOptions extends PredictionOptions {
  /** Columns and rows of the grid, 1 to 20 each; `[3, 2]` by default. */
  gridSize?: GridSize;
}

type Command = Exclude<ResultsCommand, PictureRequest>;

/**
 * A cell's value that shows itself:
 *
 * ```ts
 * new ResultsUI(test, evaluation)
 * new ResultsUI(test, { scores: await model.score(test) })
 * ```
 */
export class ResultsUI extends GalleryWidget<ResultsState, Command> {
  private readonly dataset: ClassificationDataset;
  private readonly session: ResultsSession;

  /** @throws InvalidOption where scores, predictions and pictures don't belong together */
  constructor(dataset: ClassificationDataset, results: ResultsOptions) {
    const predictions = new Predictions(dataset.size(), dataset.labels, results);
    const session = new ResultsSession(dataset, predictions, gridOption(results.gridSize ?? [3, 2]));
    super("Results", dataset, session.state());
    this.dataset = dataset;
    this.session = session;
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

  private relabel(id: number, label: string): void {
    const refusal = relabelled(this.dataset, id, [label]);
    if (refusal !== undefined) this.announce(refusal);
  }
}

function caption({ name, truth, prediction, score, correct }: ResultsRow): string {
  const answer = correct ? `✓ ${prediction}` : `✗ ${prediction}, is ${labelText(truth)}`;
  return `${name}: ${answer} (${score.toFixed(2)})`;
}
