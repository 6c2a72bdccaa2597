/**
 * What one view does with the boxes of the picture that it shows, before it sends that: which box is chosen, what is being drawn or
 * dragged, by pointer or by keys. A finished gesture is one command, and one step of undo.
 *
 * All places are in pixels of the picture.
 */
import { computed, signal } from "@preact/signals";

import type { BoxEdit, BoxFlag, BoxShape, LabelledBox, PictureRow } from "../../../kernel-lib/protocol/index.js";
import type { Point } from "../picture/zoom.js";
import type { Draft, Grip } from "./box-draft.js";
import { BoxDrag, gripAt, type Press } from "./box-drag.js";
import { boxesAt, moved, sameShape, stretched } from "./box-geometry.js";
import { describeBox } from "./box-text.js";
import { KeyCross } from "./key-cross.js";

/** A picture whose boxes are drawn. */
export interface EditedPicture extends PictureRow {
  boxes: readonly LabelledBox[];
}

/** What the editor needs of the widget that it is in. */
export interface EditorPort {
  /** The chosen picture; its boxes with what was sent and not yet answered. */
  row: () => EditedPicture | undefined;
  labels: () => readonly string[];
  send: (edit: BoxEdit) => void;
  announce: (sentence: string) => void;
}

const NOWHERE: BoxShape = { xmin: 0, ymin: 0, xmax: 0, ymax: 0 };

export class BoxEditor {
  /** The chosen box's place in the list, -1 for none. */
  readonly chosen = signal(-1);
  readonly draft = signal<Draft | undefined>(undefined);
  readonly hand = signal(false);
  readonly hidden = signal(false);
  readonly snap = signal(true);
  /** The label of the next box; the first where none was chosen. */
  readonly label = signal<string | undefined>(undefined);
  private readonly port: EditorPort;
  private readonly cross: KeyCross;
  private gesture: BoxDrag | undefined;

  /** What is shown: the picture's boxes with what is being done to them. */
  readonly boxes = computed<readonly LabelledBox[]>(() => {
    const boxes = this.row?.boxes ?? [];
    const draft = this.draft.value;
    if (!draft) return boxes;
    const flags = { difficult: false, truncated: false, occluded: false };
    const before = boxes[draft.index] ?? { label: this.nextLabel ?? "", ...flags };
    return Object.assign([...boxes], { [draft.index]: { ...before, ...draft.shape } });
  });

  constructor(port: EditorPort) {
    this.port = port;
    this.cross = new KeyCross(port.announce);
  }

  /** Where the keys draw. */
  get cursor() {
    return this.cross.cursor;
  }

  get row(): EditedPicture | undefined {
    return this.port.row();
  }

  get nextLabel(): string | undefined {
    const labels = this.port.labels();
    const wanted = this.label.value;
    return wanted !== undefined && labels.includes(wanted) ? wanted : labels[0];
  }

  get chosenBox(): LabelledBox | undefined {
    return this.boxes.value[this.chosen.value];
  }

  /** Another picture: nothing is chosen, nothing begun. */
  reset(): void {
    this.gesture = undefined;
    this.draft.value = undefined;
    this.cross.end();
    this.chosen.value = -1;
  }

  /** Other boxes have come, or a change was refused: what is done next must not be done to another box. */
  settle(): void {
    if (!this.draft.peek() && this.chosen.peek() >= (this.row?.boxes.length ?? 0)) this.chosen.value = -1;
  }

  choose(index: number): void {
    this.commit();
    this.chosen.value = index;
    const box = this.chosenBox;
    if (box) this.port.announce(`Box ${index + 1} of ${this.boxes.value.length}: ${describeBox(box)}`);
  }

  /** To the next box of the list, round and round. */
  cycle(by: 1 | -1): void {
    const count = this.boxes.value.length;
    if (count === 0) this.port.announce("There is no box");
    else if (this.chosen.value < 0) this.choose(by > 0 ? 0 : count - 1);
    else this.choose((this.chosen.value + by + count) % count);
  }

  /** What a press here would take hold of. */
  gripAt(press: Press): Grip {
    return gripAt(press, this.hidden.value ? undefined : this.chosenBox);
  }

  press(press: Press): void {
    if (!this.row) return;
    this.commit();
    const grip = this.gripAt(press);
    this.cross.end();
    const index = grip === "new" ? this.row.boxes.length : this.chosen.value;
    const from = grip === "new" ? NOWHERE : (this.chosenBox ?? NOWHERE);
    this.gesture = new BoxDrag(press, grip, index, from);
  }

  /** @param free leaves the edges of the picture alone */
  drag(at: Point, free: boolean): void {
    const { gesture, row } = this;
    if (!gesture || !row || (!this.draft.peek() && gesture.isClick(at))) return;
    const { index, grip } = gesture;
    this.draft.value = { index, shape: gesture.shapeAt(at, free || !this.snap.value, row), grip, at };
  }

  release(): void {
    const { gesture } = this;
    this.gesture = undefined;
    if (gesture && !this.draft.peek()) this.click(gesture);
    else this.commit();
  }

  /** Whether there is anything to give up. */
  get engaged(): boolean {
    return this.busy || this.chosen.value >= 0 || this.hand.value;
  }

  /** Gives up what was begun, else the choice. */
  escape(): void {
    const { busy } = this;
    this.gesture = undefined;
    this.draft.value = undefined;
    this.cross.end();
    if (busy) this.port.announce("Cancelled");
    else this.hand.value = false;
    if (!busy) this.chosen.value = -1;
  }

  /** Draws by keys from here on: two arrows cross in the middle of what is seen. */
  startCursor(at: Point): void {
    if (!this.row) return;
    this.commit();
    this.chosen.value = -1;
    this.hidden.value = this.hand.value = false;
    this.cross.start(at, this.row);
  }

  moveCursor(by: Point): void {
    const { row } = this;
    const shape = row && this.cross.move(by, row);
    if (shape) this.draft.value = { index: row.boxes.length, shape, grip: "new", at: this.cursor.value?.at ?? by };
  }

  /** Sets a corner: the first begins the box, the second ends it. */
  setCorner(): void {
    if (this.cross.setCorner()) this.commit();
  }

  /** Moves the chosen box; `commit` makes one change of a whole row of key presses. */
  nudge(by: Point): void {
    this.reshape("move", (shape, row) => moved(shape, by, row));
  }

  /** Moves the chosen box's right and lower edges. */
  stretch(by: Point): void {
    this.reshape("se", (shape, row) => stretched(shape, by, row));
  }

  /** Gives the chosen box these edges. */
  place(shape: BoxShape): void {
    this.reshape("move", () => shape);
    this.commit();
  }

  relabel(label: string): void {
    this.label.value = label;
    const target = this.target();
    if (target) this.send({ type: "relabelBox", ...target, label });
    else this.port.announce(`New boxes are ${label}`);
  }

  flag(flag: BoxFlag): void {
    const target = this.target();
    if (target) this.send({ type: "flagBox", ...target, flag });
  }

  remove(): void {
    const target = this.target();
    if (!target) return;
    this.send({ type: "removeBox", ...target });
    this.chosen.value = -1;
  }

  order(to: "front" | "back"): void {
    const target = this.target();
    if (!target) return;
    this.send({ type: "orderBox", ...target, to });
    this.chosen.value = to === "back" ? 0 : this.boxes.value.length - 1;
  }

  /** A copy beside the chosen box, chosen. */
  duplicate(): void {
    const target = this.target();
    if (!target) return;
    this.send({ type: "duplicateBox", ...target });
    this.chosen.value = this.boxes.value.length - 1;
  }

  /** Keys go elsewhere from here on: what they have changed is sent. A drag that begins takes the focus, too, and goes on. */
  leave(): void {
    if (!this.gesture && !this.cursor.peek()) this.commit();
  }

  /** Sends what was drawn or changed. */
  commit(): void {
    const draft = this.draft.peek();
    const { row } = this;
    this.gesture = undefined;
    this.draft.value = undefined;
    if (!draft || !row) return;
    if (draft.grip === "new") {
      this.addShape(draft);
      return;
    }
    const before = row.boxes[draft.index];
    if (!before || sameShape(before, draft.shape)) return;
    this.port.send({ type: "shapeBox", id: row.id, index: draft.index, shape: { ...draft.shape } });
  }

  private get busy(): boolean {
    return this.draft.value !== undefined || this.cursor.value !== undefined;
  }

  private addShape({ shape }: Draft): void {
    const label = this.nextLabel;
    if (shape.xmax - shape.xmin < 1 || shape.ymax - shape.ymin < 1) this.port.announce("Too small for a box");
    else if (label === undefined) this.port.announce("Add a label first, then draw its boxes");
    else this.add({ ...shape, label, difficult: false, truncated: false, occluded: false });
  }

  private add(box: LabelledBox): void {
    const { row } = this;
    if (!row) return;
    this.port.send({ type: "addBox", id: row.id, box });
    this.chosen.value = this.boxes.value.length - 1;
  }

  private send(edit: BoxEdit): void {
    this.commit();
    this.port.send(edit);
  }

  private target(): { id: number; index: number } | undefined {
    const { row } = this;
    if (row && this.chosenBox) return { id: row.id, index: this.chosen.value };
    return undefined;
  }

  private reshape(grip: Grip, change: (shape: BoxShape, row: EditedPicture) => BoxShape): void {
    const { chosenBox: box, row } = this;
    if (!box || !row) return;
    const { xmin, ymin, xmax, ymax } = box;
    const shape = change({ xmin, ymin, xmax, ymax }, row);
    this.draft.value = { index: this.chosen.value, shape, grip, at: { x: shape.xmax, y: shape.ymax } };
  }

  /** Chooses what lies here; again, what lies below that. */
  private click({ start, slack }: BoxDrag): void {
    const under = this.hidden.value ? [] : boxesAt(start, this.boxes.value, slack);
    const next = under[(under.indexOf(this.chosen.value) + 1) % Math.max(1, under.length)];
    if (next === undefined) this.chosen.value = -1;
    else this.choose(next);
  }
}
