/**
 * `AnnotationUI`: looks through a data set's pictures and says what is on them, by labels or by boxes. A change is on the data set, and
 * on disk, when the next key is pressed.
 */
import type { ClassificationDataset } from "../data/classification-dataset.js";
import type { ObjectDetectionDataset } from "../data/object-detection-dataset.js";
import { VitrineError } from "../structures/errors.js";
import { datasetOption, integerOption, knownOptions } from "../structures/options.js";
import type { StaticView } from "../comm/widget.js";
import type { BrowsingState } from "../protocol/index.js";
import type { AnnotationDetector, AnnotationModel } from "./annotation-model.js";
import { AnnotationSession } from "./annotation-session.js";
import type { AnnotationTool, ToolCommand, ToolHost } from "./annotation-tool.js";
import { BoxSession } from "./box-session.js";
import { BoxSuggestions } from "./box-suggestions.js";
import { BoxTool } from "./box-tool.js";
import { GalleryWidget, type PictureChange } from "./gallery-widget.js";
import { gridOption, type GridSize } from "./grid-option.js";
import { keptKeys } from "./key-map-store.js";
import { LabelTool } from "./label-tool.js";

export interface AnnotationOptions {
  /** Columns and rows of the grid, 1 to 20 each; `[3, 2]` by default, `[6, 1]` below a picture with boxes. */
  gridSize?: GridSize;
  /** Which pictures of the data set, and in which order: the most uncertain first, say. All of them by default. */
  imageIndices?: readonly number[];
  /** Whether a label key goes on to the next picture; false by default, and a switch in the widget. Labels only. */
  autoAdvance?: boolean;
  /** Suggests labels, orders the pictures by what is worth a look, and learns from the labels at the press of a button. */
  model?: AnnotationModel;
}

export interface BoxAnnotationOptions extends Omit<AnnotationOptions, "model" | "autoAdvance"> {
  /** Suggests boxes. */
  model?: AnnotationDetector;
}

/**
 * A cell's value that shows itself:
 *
 * ```ts
 * new AnnotationUI(dataset, { model })
 * new AnnotationUI(detectionDataset)
 * ```
 */
export class AnnotationUI extends GalleryWidget<BrowsingState, ToolCommand, PictureChange> {
  private readonly tool: AnnotationTool;

  /** @throws InvalidOption for a grid or an index that can't be */
  constructor(dataset: ClassificationDataset, options?: AnnotationOptions);
  constructor(dataset: ObjectDetectionDataset, options?: BoxAnnotationOptions);
  constructor(
    dataset: ClassificationDataset | ObjectDetectionDataset,
    options: AnnotationOptions | BoxAnnotationOptions = {},
  ) {
    datasetOption(dataset);
    knownOptions("AnnotationUI", options, ["gridSize", "imageIndices", "autoAdvance", "model"]);
    const tool = isDetection(dataset)
      ? boxTool(dataset, options as BoxAnnotationOptions)
      : labelTool(dataset, options as AnnotationOptions);
    super(tool.name, dataset, tool.state());
    this.tool = tool;
  }

  override close(): void {
    this.tool.close?.();
    super.close();
  }

  protected current(): BrowsingState {
    return this.tool.state();
  }

  protected note(change: PictureChange): boolean {
    return this.tool.note(change);
  }

  protected reveal(image: PictureChange["image"]): void {
    this.tool.reveal(image);
  }

  protected describe(change: PictureChange): string {
    return this.tool.describe(change);
  }

  protected override checked(): void {
    const gone = this.tool.dropUnusable();
    this.refresh();
    const [first, ...more] = gone;
    if (first === undefined) return;
    const names = more.length === 0 ? first : `${first} and ${more.length} more`;
    this.announce(`${names} can't be used and left the list: the reason is in the list below the tool`);
  }

  protected obey(command: ToolCommand): void {
    if (command.type === "undo") this.undo();
    else if (command.type === "redo") this.redo();
    else this.tool.obey(command, this.host());
  }

  protected staticView(): Promise<StaticView> {
    this.tool.start?.(this.host());
    return this.tool.staticView();
  }

  private host(): ToolHost {
    return {
      announce: (text) => this.announce(text),
      fail: (error) => this.fail(error),
      refresh: () => this.refresh(),
      send: (event) => this.send(event),
    };
  }
}

const isDetection = (dataset: object): dataset is ObjectDetectionDataset => "changeBoxesForImage" in dataset;

function labelTool(dataset: ClassificationDataset, options: AnnotationOptions): AnnotationTool {
  const indices = indicesOption(dataset.size(), options.imageIndices);
  const session = new AnnotationSession(dataset, indices, gridOption(options.gridSize ?? [3, 2]));
  session.autoAdvance = options.autoAdvance ?? false;
  session.keys = keptKeys();
  return new LabelTool(dataset, session, options.model);
}

function boxTool(dataset: ObjectDetectionDataset, options: BoxAnnotationOptions): AnnotationTool {
  const indices = indicesOption(dataset.size(), options.imageIndices);
  const { model } = options;
  const suggestions = model && new BoxSuggestions((id) => dataset.images[id]);
  const session = new BoxSession(dataset, indices, gridOption(options.gridSize ?? [6, 1]), suggestions);
  session.keys = keptKeys();
  return new BoxTool(dataset, session, model);
}

function indicesOption(size: number, indices: readonly number[] | undefined): readonly number[] | undefined {
  if (indices === undefined) return undefined;
  const last = size - 1;
  if (last < 0 && indices.length > 0) {
    throw new VitrineError("InvalidOption", {
      option: "imageIndices",
      expected: "no indices, because the data set is empty,",
      received: `${indices.length} of them`,
    });
  }
  // A picture is listed once: its place in the list is what the keys move by.
  return [...new Set(indices.map((index, i) => integerOption(`imageIndices[${i}]`, index, 0, last)))];
}
