/**
 * What the widgets that show a data set's pictures share: they answer requests for pictures, follow the data set's changes
 * whoever makes them, and turn an error into a sentence for the person who pressed the key.
 */
import type { ClassificationDataset, LabelChange } from "../data/classification-dataset.js";
import type { BrowsingState, GalleryEvent, PictureRequest, WidgetName } from "../protocol/index.js";
import { Widget } from "../comm/widget.js";
import { changedTraits } from "./changed-traits.js";
import { labelText, sameLabels } from "./picture-row.js";
import { PictureServer } from "./picture-server.js";

export abstract class GalleryWidget<S extends BrowsingState, C extends { type: string }> extends Widget<
  S,
  C | PictureRequest,
  GalleryEvent
> {
  protected readonly dataset: ClassificationDataset;
  private readonly pictures: PictureServer;
  private readonly unsubscribe: () => void;

  protected constructor(name: WidgetName, dataset: ClassificationDataset, state: S) {
    super(name, state);
    this.dataset = dataset;
    this.pictures = new PictureServer(
      (id) => dataset.images[id]?.storagePath,
      (event, buffers) => this.send(event, buffers),
    );
    this.unsubscribe = dataset.onChange((change) => this.follow(change));
  }

  /** The state as it should be now. */
  protected abstract current(): S;
  protected abstract obey(command: C): void;
  /** Takes note of a change; says whether this widget shows the picture. */
  protected abstract note(change: LabelChange): boolean;
  /** Chooses the picture where it is listed. */
  protected abstract reveal(image: LabelChange["image"]): void;

  /** Ends the widget: its views vanish, and it follows the data set no more. */
  override close(): void {
    this.unsubscribe();
    super.close();
  }

  protected override onCommand(command: C | PictureRequest): void {
    if (isPictureRequest(command)) {
      this.pictures.request(command);
      return;
    }
    try {
      this.obey(command);
    } catch (error) {
      this.send({ type: "failed", text: error instanceof Error ? error.message : String(error) });
    }
    this.refresh();
  }

  protected announce(text: string): void {
    this.send({ type: "announce", text });
  }

  protected relabel(id: number, labels: readonly string[]): void {
    const image = this.dataset.images[id];
    if (!image) return;
    if (sameLabels(image.labels, labels)) this.announce(`${image.name}: ${labelText(labels)} already`);
    else this.dataset.changeLabelForImage(id, labels);
  }

  protected undo(): void {
    const change = this.dataset.undo();
    if (change) this.reveal(change.image);
    else this.announce("Nothing to undo");
  }

  protected redo(): void {
    const change = this.dataset.redo();
    if (change) this.reveal(change.image);
    else this.announce("Nothing to redo");
  }

  /** Sends the views what has changed. */
  protected refresh(): void {
    const changed = changedTraits(this.state, this.current());
    if (Object.keys(changed).length > 0) this.set(changed);
  }

  private follow(change: LabelChange): void {
    const shown = this.note(change);
    this.refresh();
    if (shown) this.announce(`${change.image.name}: ${labelText(change.after)}${MANNER[change.cause]}`);
  }
}

const MANNER = { set: "", undo: ", undone", redo: ", redone", merge: ", changed in another notebook" } as const;

const isPictureRequest = (command: { type: string }): command is PictureRequest => command.type === "pictures";
