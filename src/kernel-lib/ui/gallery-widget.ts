/**
 * What the widgets that show a data set's pictures share: they answer requests for pictures, follow the data set's changes
 * whoever makes them, and turn an error into a sentence for the person who pressed the key.
 */
import type { ClassificationChange } from "../data/classification-dataset.js";
import type { BrowsingState, GalleryEvent, PictureRequest, WidgetName } from "../protocol/index.js";
import { Widget } from "../comm/widget.js";
import { changedTraits } from "./changed-traits.js";
import { labelText } from "./picture-row.js";
import { PictureServer } from "./picture-server.js";

/** A change of something about one picture, as a data set reports it. */
export interface PictureChange {
  readonly image: { readonly name: string };
  readonly cause: "set" | "undo" | "redo" | "merge";
  /** Which of how many changes that were made at once. */
  readonly step?: { readonly index: number; readonly size: number };
}

/** What a gallery needs of a data set, of whatever kind. */
export interface GalleryDataset<Change extends PictureChange> {
  readonly images: readonly { readonly storagePath: string }[];
  onChange(listener: (change: Change) => void): () => void;
  undo(): Change | undefined;
  redo(): Change | undefined;
  /** Called now and then while pictures are looked at in the background. */
  onChecked?(listener: () => void): () => void;
}

export abstract class GalleryWidget<
  S extends BrowsingState,
  C extends { type: string },
  Change extends PictureChange = ClassificationChange,
> extends Widget<S, C | PictureRequest, GalleryEvent> {
  private readonly source: GalleryDataset<Change>;
  private readonly pictures: PictureServer;
  private readonly unsubscribe: () => void;
  /** Pictures of this widget that the present step has changed so far. */
  private noted = 0;

  protected constructor(name: WidgetName, dataset: GalleryDataset<Change>, state: S) {
    super(name, state);
    this.source = dataset;
    this.pictures = new PictureServer(
      (id) => dataset.images[id]?.storagePath,
      (event, buffers) => this.send(event, buffers),
    );
    const endings = [dataset.onChange((change) => this.follow(change)), dataset.onChecked?.(() => this.checked())];
    this.unsubscribe = () => endings.forEach((end) => end?.());
  }

  /** The state as it should be now. */
  protected abstract current(): S;
  protected abstract obey(command: C): void;
  /** Takes note of a change; says whether this widget shows the picture. */
  protected abstract note(change: Change): boolean;
  /** Chooses the picture where it is listed. */
  protected abstract reveal(image: Change["image"]): void;
  /** What a change was, for who can't see it. */
  protected abstract describe(change: Change): string;

  /** Ends the widget: its views vanish, and it follows the data set no more. */
  override close(): void {
    this.unsubscribe();
    super.close();
  }

  /** Something was found out in the background. */
  protected checked(): void {
    this.refresh();
  }

  protected override onCommand(command: C | PictureRequest): void {
    if (isPictureRequest(command)) {
      this.pictures.request(command);
      return;
    }
    this.attempt(() => this.obey(command));
  }

  /** Does something and shows what came of it; where it fails, says why. */
  protected attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.fail(error);
    }
    this.refresh();
  }

  protected fail(error: unknown): void {
    this.send({ type: "failed", text: error instanceof Error ? error.message : String(error) });
  }

  protected announce(text: string): void {
    this.send({ type: "announce", text });
  }

  protected undo(): void {
    const change = this.source.undo();
    if (change) this.reveal(change.image);
    else this.announce("Nothing to undo");
  }

  protected redo(): void {
    const change = this.source.redo();
    if (change) this.reveal(change.image);
    else this.announce("Nothing to redo");
  }

  protected override onSeen(): void {
    this.refresh();
  }

  /** Sends the views what has changed. Where there are none it is not worked out: over many pictures that takes a while. */
  protected refresh(): void {
    if (!this.seen) return;
    const changed = changedTraits(this.state, this.current());
    if (Object.keys(changed).length > 0) this.set(changed);
  }

  private follow(change: Change): void {
    this.noted += Number(this.note(change));
    const { index, size } = change.step ?? { index: 0, size: 1 };
    // What was done at once is seen and said at once: a thousand states would take a while.
    if (index < size - 1) return;
    const { noted } = this;
    this.noted = 0;
    this.refresh();
    if (noted === 0) return;
    const many = noted > 1 ? `${noted} pictures, the last ` : "";
    this.announce(`${many}${this.describe(change)}${MANNER[change.cause]}`);
  }
}

/** "cup-01.jpg: cup" */
export function describeLabels(change: ClassificationChange): string {
  return `${change.image.name}: ${describeValue(change)}`;
}

function describeValue(change: ClassificationChange): string {
  if (change.field === "labels") return labelText(change.after);
  if (change.field === "rejectedLabels") return rejectionText(change.before, change.after);
  if (change.field === "flag") return change.after === null ? "no flag" : `flagged ${change.after}`;
  return change.after === "" ? "no note" : `note ${change.after}`;
}

/** "cup rejected" */
function rejectionText(before: readonly string[], after: readonly string[]): string {
  const [added, gone] = [
    after.filter((label) => !before.includes(label)),
    before.filter((label) => !after.includes(label)),
  ];
  return added.length > 0 ? `${added.join(", ")} rejected` : `${gone.join(", ")} no longer rejected`;
}

const MANNER = { set: "", undo: ", undone", redo: ", redone", merge: ", changed in another notebook" } as const;

const isPictureRequest = (command: { type: string }): command is PictureRequest => command.type === "pictures";
