/**
 * `DetectionResultsUI`: a detector's boxes over the true ones. Both thresholds are live: counts, matrix and average precision follow
 * as they move. A box that turns out to be wrong is mended on the spot.
 */
import type { StaticView } from "../comm/widget.js";
import type { ObjectDetectionDataset } from "../data/object-detection-dataset.js";
import { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import {
  editedBoxes,
  isBoxEdit,
  type BoxEdit,
  type DetectionResultsCommand,
  type DetectionResultsState,
  type PictureRequest,
  type SuggestedBox,
} from "../protocol/index.js";
import type { Detections } from "../structures/detections.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { knownOptions, numberOption } from "../structures/options.js";
import type { BoxChange } from "./box-dataset.js";
import { acceptedBox } from "./box-suggestions.js";
import { describeBoxes } from "./box-change-text.js";
import { DetectionResultsSession } from "./detection-results-session.js";
import { GalleryWidget } from "./gallery-widget.js";
import { gridOption, type GridSize } from "./grid-option.js";
import { describeMark, obeyMark } from "./marks.js";
import { pictures, staticGallery } from "./static-gallery.js";

/** A `DetectionEvaluation` has what this needs. */
export interface FoundObjects {
  /** What the detections' classes are. */
  readonly labels: readonly string[];
  /** One entry a picture, in the data set's order. */
  readonly detections: readonly Detections[];
}

export interface DetectionResultsOptions {
  /** Columns and rows of the grid, 1 to 20 each; `[6, 1]` by default. */
  gridSize?: GridSize;
  /** From which score a detection counts, at first. Default 0.5. */
  score?: number;
  /** From which overlap it is in the right place, at first. Default 0.5. */
  iou?: number;
}

type Command = Exclude<DetectionResultsCommand, PictureRequest>;

/**
 * A cell's value that shows itself:
 *
 * ```ts
 * new DetectionResultsUI(test, await DetectionEvaluation.run(detector, test))
 * new DetectionResultsUI(test, { labels: detector.labels, detections })
 * ```
 */
export class DetectionResultsUI extends GalleryWidget<DetectionResultsState, Command, BoxChange> {
  private readonly dataset: ObjectDetectionDataset;
  private readonly session: DetectionResultsSession;

  /** @throws InvalidOption where detections and pictures don't belong together */
  constructor(dataset: ObjectDetectionDataset, results: FoundObjects, options: DetectionResultsOptions = {}) {
    knownOptions("DetectionResultsUI", options, ["gridSize", "score", "iou"]);
    const session = sessionOf(dataset, results, gridOption(options.gridSize ?? [6, 1]));
    session.applyThresholds({
      score: numberOption("score", options.score ?? 0.5, 0, 1),
      iou: numberOption("iou", options.iou ?? 0.5, 0, 1),
    });
    super("DetectionResults", dataset, session.state());
    this.dataset = dataset;
    this.session = session;
  }

  /** The thresholds as they are now. */
  get thresholds(): Readonly<{ score: number; iou: number }> {
    return this.session.analysis.thresholds;
  }

  protected current(): DetectionResultsState {
    return this.session.state();
  }

  protected note(change: BoxChange): boolean {
    return this.session.note(change);
  }

  protected reveal(image: BoxChange["image"]): void {
    const id = this.session.idOf(image);
    if (id !== undefined) this.session.list.reveal(id);
  }

  protected describe(change: BoxChange): string {
    return describeMark(change) ?? describeBoxes(change);
  }

  protected obey(command: Command): void {
    const { session } = this;
    switch (command.type) {
      case "filter":
        session.applyFilter(command.filter);
        break;
      case "order":
        session.applyOrder(command.order);
        break;
      case "nextOrder":
        session.nextOrder();
        break;
      case "thresholds":
        session.applyThresholds(command);
        break;
      case "scoreBy":
        session.scoreBy(command.by);
        break;
      case "plot":
        session.showPlot(command.kind);
        break;
      case "pick":
        session.pick(command.trace, command.index);
        break;
      case "flag":
      case "note":
        obeyMark(this.dataset, command, session.list.chosen === undefined ? [] : [session.list.chosen]);
        break;
      case "undo":
        this.undo();
        break;
      case "redo":
        this.redo();
        break;
      case "fitBox":
      case "adoptBox":
        this.mend(command);
        break;
      default:
        if (isBoxEdit(command)) this.edit(command);
        else session.list.browse(command);
    }
  }

  protected staticView(): Promise<StaticView> {
    const { dataset, total, correct, right, wrong, missed, page, columns, figures } = this.session.state();
    return staticGallery({
      title: `${dataset}: ${pictures(total)}, ${correct} without a mistake; ${right} right, ${wrong} wrong, ${missed} missed`,
      tiles: page.map(({ path, name, mistakes }) => ({ source: path, caption: `${name}: ${mistakes} mistakes` })),
      columns,
      heads: ["figure", "value"],
      rows: figures.map(({ name, value }) => [name, Number.isNaN(value) ? "–" : value.toFixed(3)]),
    });
  }

  private edit(edit: BoxEdit): void {
    const image = this.session.image(edit.id);
    const boxes = image && editedBoxes(image.boxes, edit, image);
    if (boxes && boxes !== image.boxes) this.dataset.changeBoxesForImage(edit.id, boxes);
  }

  private mend(command: Mending): void {
    const image = this.session.image(command.id);
    if (!image) return;
    const { boxes: own, width, height } = image;
    const boxes = mended({ boxes: own, width, height }, command, (place) => this.session.detection(command.id, place));
    if (boxes) this.dataset.changeBoxesForImage(command.id, boxes);
  }
}

function sessionOf(
  dataset: ObjectDetectionDataset,
  { labels, detections }: FoundObjects,
  grid: readonly [number, number],
): DetectionResultsSession {
  if (detections.length !== dataset.size()) {
    const expected = `${dataset.size()} entries, one a picture,`;
    throw new VitrineError("InvalidOption", { option: "detections", expected, received: quote(detections.length) });
  }
  // Against no truth at all, so that a class which the detector itself does not have is refused.
  DetectionEvaluation.fromDetections({ labels, detections, truth: noTruth(detections.length) });
  return new DetectionResultsSession(dataset, labels, detections, grid);
}

const noTruth = (count: number) => Array.from({ length: count }, () => ({ boxes: [], classes: [] }));

type Mending = Extract<Command, { type: "fitBox" | "adoptBox" }>;

/** The boxes with a detection's outline as far as it is in the picture; undefined where a box or a detection is not there. */
function mended(
  { boxes, ...size }: { boxes: readonly ObjectBox[]; width: number; height: number },
  command: Mending,
  detection: (place: number) => SuggestedBox | undefined,
): readonly ObjectBox[] | undefined {
  const found = detection(command.place);
  if (!found) return undefined;
  const accepted = acceptedBox(found, size);
  if (command.type === "adoptBox") return [...boxes, accepted];
  const { xmin, ymin, xmax, ymax } = accepted;
  const box = boxes[command.index];
  return box && boxes.map((one) => (one === box ? { ...box, xmin, ymin, xmax, ymax } : one));
}
