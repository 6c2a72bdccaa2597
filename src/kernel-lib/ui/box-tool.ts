/** `AnnotationUI` of an `ObjectDetectionDataset`: boxes are drawn, edited, copied, and taken over from a detector. */
import { clippedBox, editedBoxes, isBoxEdit, type BoxesCommand, type BoxesState } from "../protocol/index.js";
import type { ObjectBox } from "../structures/object-box.js";
import type { StaticView } from "../comm/widget.js";
import type { AnnotationDetector } from "./annotation-model.js";
import type { AnnotationTool, ToolCommand, ToolHost } from "./annotation-tool.js";
import { describeBoxes } from "./box-change-text.js";
import type { BoxChange, BoxDataset, BoxImage } from "./box-dataset.js";
import type { BoxSession } from "./box-session.js";
import { acceptedBox } from "./box-suggestions.js";
import { checkedKeys, keepKeys } from "./key-map-store.js";
import { describeMark, obeyMark } from "./marks.js";
import type { PictureChange } from "./gallery-widget.js";
import { pictures, staticGallery } from "./static-gallery.js";

export class BoxTool implements AnnotationTool {
  readonly name = "Boxes";
  private readonly dataset: BoxDataset;
  private readonly session: BoxSession;

  private readonly detector: AnnotationDetector | undefined;
  private readonly running = new AbortController();
  private begun = false;

  constructor(dataset: BoxDataset, session: BoxSession, detector?: AnnotationDetector) {
    this.dataset = dataset;
    this.session = session;
    this.detector = detector;
  }

  /** The detector begins to look when the widget is shown. */
  start(host: ToolHost): void {
    if (!this.detector || this.begun) return;
    this.begun = true;
    this.detect(this.detector, host).catch((error: unknown) => {
      if (!this.running.signal.aborted) host.fail(error);
    });
  }

  close(): void {
    this.running.abort();
  }

  state(): BoxesState {
    return this.session.state();
  }

  obey(given: ToolCommand, host: ToolHost): void {
    const command = given as BoxesCommand;
    if (isBoxEdit(command)) {
      this.edit(command.id, (boxes, image) => editedBoxes(boxes, command, image));
      return;
    }
    switch (command.type) {
      case "copyBoxes":
        this.copy(command.id, host);
        break;
      default:
        this.obeyOthers(command, host);
    }
  }

  note(change: PictureChange): boolean {
    return this.session.note(change as BoxChange);
  }

  reveal(image: object): void {
    const id = this.session.idOf(image);
    if (id !== undefined) this.session.list.reveal(id);
  }

  dropUnusable(): string[] {
    return this.session.dropUnusable();
  }

  describe(given: PictureChange): string {
    const change = given as BoxChange;
    return describeMark(change) ?? describeBoxes(change);
  }

  staticView(): Promise<StaticView> {
    const { dataset, labels, counts, total, page, columns } = this.session.state();
    return staticGallery({
      title: `${dataset}: ${pictures(total)}`,
      tiles: page.map((row) => ({ source: row.path, caption: `${row.name}: ${objectText(row.boxes)}` })),
      columns,
      heads: ["label", "objects"],
      rows: labels.map((label, i) => [label, String(counts[i] ?? 0)]),
    });
  }

  private obeyOthers(command: BoxesCommand, host: ToolHost): void {
    const { session } = this;
    switch (command.type) {
      case "acceptBox":
        this.accept(command.id, command.index ?? 0, host);
        break;
      case "rejectBox":
        this.reject(command.id, command.index ?? 0, host);
        break;
      case "acceptBoxes":
        this.acceptAll(host);
        break;
      case "threshold":
        if (command.threshold >= 0 && command.threshold <= 1) session.threshold = command.threshold;
        break;
      case "flag":
      case "note":
        obeyMark(this.dataset, command, session.list.chosen === undefined ? [] : [session.list.chosen]);
        break;
      case "addLabel":
        this.dataset.addLabel(command.label.trim());
        host.announce(`Label ${command.label.trim()} added`);
        break;
      case "keys":
        session.keys = checkedKeys(command.keys);
        keepKeys(session.keys).catch((error: unknown) => host.fail(error));
        break;
      case "refresh":
        session.refresh();
        break;
      case "filter":
        session.applyFilter(command.filter);
        break;
      case "move":
      case "select":
      case "page":
      case "grid":
        session.list.browse(command);
    }
  }

  private edit(id: number, change: (boxes: readonly ObjectBox[], image: BoxImage) => readonly ObjectBox[]): void {
    const image = this.session.image(id);
    if (!image) return;
    const after = change(image.boxes, image);
    if (after !== image.boxes) this.dataset.changeBoxesForImage(id, after);
  }

  private copy(id: number, host: ToolHost): void {
    const previous = this.session.previous(id);
    const source = previous === undefined ? undefined : this.session.image(previous);
    if (!source || source.boxes.length === 0) {
      host.announce("The previous picture has no box to copy");
      return;
    }
    this.edit(id, (boxes, image) => [...boxes, ...source.boxes.flatMap((box) => clippedBox(box, image))]);
  }

  private accept(id: number, index: number, host: ToolHost): void {
    const suggestion = this.session.suggestions?.of(id)[index];
    if (!suggestion) {
      host.announce("There is no suggestion for this picture");
      return;
    }
    this.edit(id, (boxes, image) => [...boxes, acceptedBox(suggestion, image)]);
  }

  private reject(id: number, index: number, host: ToolHost): void {
    const suggestion = this.session.suggestions?.of(id)[index];
    const image = this.session.image(id);
    if (!suggestion || !image) host.announce("There is no suggestion for this picture");
    else this.dataset.rejectBox(id, acceptedBox(suggestion, image));
  }

  private acceptAll(host: ToolHost): void {
    const { list, suggestions, threshold } = this.session;
    const changes = new Map<number, readonly ObjectBox[]>();
    for (const id of list.all) {
      const image = this.session.image(id);
      const sure = (suggestions?.of(id) ?? []).filter(({ score }) => score >= threshold);
      if (image && sure.length > 0) {
        changes.set(id, [...image.boxes, ...sure.map((one) => acceptedBox(one, image))]);
      }
    }
    if (changes.size === 0) host.announce("No suggestion is sure enough");
    else this.dataset.changeBoxesOf(changes);
  }

  /** A few pictures at a time, from the chosen one on: suggestions are there for what is looked at first. */
  private async detect(detector: AnnotationDetector, host: ToolHost): Promise<void> {
    const { signal } = this.running;
    const { list } = this.session;
    const ids = [...list.all.slice(list.place), ...list.all.slice(0, list.place)];
    for (let from = 0; from < ids.length && !signal.aborted; from += AT_ONCE) {
      const part = ids.slice(from, from + AT_ONCE);
      const images = part.flatMap((id) => this.session.image(id) ?? []);
      const found = await detector.detect({ name: this.dataset.name, images: images.map(asPicture) }, { signal });
      part.forEach((id, i) => found[i] && this.session.suggestions?.take(id, found[i], detector.labels));
      host.refresh();
    }
  }
}

/** Pictures that the detector looks at before what it saw is shown. */
const AT_ONCE = 4;

const asPicture = (image: BoxImage) => ({ ...describeImage(image), labels: image.boxes.map(({ label }) => label) });

const describeImage = ({ name, storageId, storagePath, width, height }: BoxImage) => {
  return { name, storageId, storagePath, width, height };
};

const objectText = (boxes: readonly { label: string }[]): string =>
  boxes.length === 0 ? "no box" : boxes.map(({ label }) => label).join(", ");
