/**
 * `AnnotationUI`: looks through a data set's pictures and corrects their labels. A change is on the data set, and on disk, when
 * the next key is pressed.
 */
import type { ClassificationDataset, ClassificationChange } from "../data/classification-dataset.js";
import { VitrineError } from "../structures/errors.js";
import { integerOption, knownOptions } from "../structures/options.js";
import type { StaticView } from "../comm/widget.js";
import type { AnnotationCommand, AnnotationState, PictureRequest } from "../protocol/index.js";
import { AnnotationSession } from "./annotation-session.js";
import { describeLabels, GalleryWidget } from "./gallery-widget.js";
import { gridOption, type GridSize } from "./grid-option.js";
import { labelText, relabelled } from "./picture-row.js";
import { pictures, staticGallery } from "./static-gallery.js";

export interface AnnotationOptions {
  /** Columns and rows of the grid, 1 to 20 each; `[3, 2]` by default. */
  gridSize?: GridSize;
  /** Which pictures of the data set, and in which order: the most uncertain first, say. All of them by default. */
  imageIndices?: readonly number[];
  /** Whether a label key goes on to the next picture; false by default, and a switch in the widget. */
  autoAdvance?: boolean;
}

type Command = Exclude<AnnotationCommand, PictureRequest>;

/**
 * A cell's value that shows itself:
 *
 * ```ts
 * new AnnotationUI(dataset, { gridSize: [4, 2] })
 * ```
 */
export class AnnotationUI extends GalleryWidget<AnnotationState, Command> {
  private readonly dataset: ClassificationDataset;
  private readonly session: AnnotationSession;

  /** @throws InvalidOption for a grid or an index that can't be */
  constructor(dataset: ClassificationDataset, options: AnnotationOptions = {}) {
    knownOptions("AnnotationUI", options, ["gridSize", "imageIndices", "autoAdvance"]);
    const session = new AnnotationSession(
      dataset,
      indicesOption(dataset, options.imageIndices),
      gridOption(options.gridSize ?? [3, 2]),
    );
    session.autoAdvance = options.autoAdvance ?? false;
    super("Annotation", dataset, session.state());
    this.dataset = dataset;
    this.session = session;
  }

  protected current(): AnnotationState {
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
      case "label":
        this.label(command);
        break;
      case "unlabel":
        this.unlabel(command.id);
        break;
      case "addLabel":
        this.addLabel(command.label);
        break;
      case "undo":
        this.undo();
        break;
      case "redo":
        this.redo();
        break;
      case "refresh":
        this.session.refresh();
        break;
      case "filter":
        this.session.applyFilter(command.filter);
        break;
      case "autoAdvance":
        this.session.autoAdvance = command.on ?? !this.session.autoAdvance;
        break;
      default:
        this.session.list.browse(command);
    }
  }

  protected describe(change: ClassificationChange): string {
    return describeLabels(change);
  }

  protected staticView(): Promise<StaticView> {
    const { dataset, labels, counts, total, page, columns } = this.session.state();
    return staticGallery({
      title: `${dataset}: ${pictures(total)}`,
      tiles: page.map((row) => ({ source: row.path, caption: `${row.name}: ${labelText(row.labels)}` })),
      columns,
      heads: ["label", "pictures"],
      rows: labels.map((label, i) => [label, String(counts[i] ?? 0)]),
    });
  }

  private label({ label, id, toggle = false }: Extract<Command, { type: "label" }>): void {
    const target = id ?? this.session.list.chosen;
    const image = this.session.image(target);
    if (!image || target === undefined) return;
    if (id !== undefined) this.session.list.reveal(id);
    this.relabel(target, toggle ? toggled(image.labels, label) : [label]);
    // Only a key press: who chooses from a picture's menu is looking at that picture.
    if (this.session.autoAdvance && id === undefined && !toggle) this.session.list.browse({ type: "move", by: 1 });
  }

  private unlabel(id = this.session.list.chosen): void {
    if (id !== undefined) this.relabel(id, []);
  }

  private relabel(id: number, labels: readonly string[]): void {
    const refusal = relabelled(this.dataset, id, labels);
    if (refusal !== undefined) this.announce(refusal);
  }

  private addLabel(label: string): void {
    const name = label.trim();
    const known = this.dataset.labels.includes(name);
    this.dataset.addLabel(name);
    this.announce(known ? `There is a label ${name} already` : `Label ${name} added`);
  }
}

function toggled(labels: readonly string[], label: string): readonly string[] {
  return labels.includes(label) ? labels.filter((other) => other !== label) : [...labels, label];
}

function indicesOption(
  dataset: ClassificationDataset,
  indices: readonly number[] | undefined,
): readonly number[] | undefined {
  if (indices === undefined) return undefined;
  const last = dataset.size() - 1;
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
