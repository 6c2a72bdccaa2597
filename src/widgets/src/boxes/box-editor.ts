/**
 * What one view does with the boxes of the picture that it shows, before the kernel has heard of it: which box is chosen, what is
 * being drawn or dragged, by pointer or by keys. A finished gesture is one command, and one step of undo.
 *
 * All places are in pixels of the picture.
 */
import { computed, signal } from "@preact/signals";

import type { BoxEdit, BoxFlag, BoxShape, LabelledBox, PictureRow } from "../../../kernel-lib/protocol/index.js";
import type { Point } from "../picture/zoom.js";
import {
  between,
  boxesAt,
  handleAt,
  moved,
  resized,
  sameShape,
  short,
  sizeText,
  snapped,
  snappedMove,
  stretched,
  type Handle,
} from "./box-geometry.js";

export type Grip = Handle | "move" | "new";

/** A box that is being made or changed. */
export interface Draft {
  /** Its place in the picture's list; that after the last for a new one. */
  index: number;
  shape: BoxShape;
  grip: Grip;
  /** Where the pointer or the moved corner is. */
  at: Point;
}

interface Gesture {
  grip: Grip;
  index: number;
  from: BoxShape;
  start: Point;
  /** How far a press may wander and still be a click. */
  slack: number;
  reach: number;
}

/** Two arrows that cross where the keys have brought them; with an anchor, a box is being spanned. */
export interface KeyCursor {
  at: Point;
  anchor: Point | undefined;
}

/** A picture whose boxes are drawn. */
export interface EditedPicture extends PictureRow {
  boxes: readonly LabelledBox[];
}

/** What the editor needs of the widget that it is in. */
export interface EditorPort {
  row: () => EditedPicture | undefined;
  labels: () => readonly string[];
  send: (edit: BoxEdit) => void;
  announce: (sentence: string) => void;
}

export interface Press {
  at: Point;
  /** How near a handle must be, in the picture's pixels. */
  reach: number;
  /** Draws a new box whatever lies here. */
  fresh: boolean;
}

const NOWHERE: BoxShape = { xmin: 0, ymin: 0, xmax: 0, ymax: 0 };

export class BoxEditor {
  /** The chosen box's place in the list, -1 for none. */
  readonly chosen = signal(-1);
  readonly draft = signal<Draft | undefined>(undefined);
  readonly cursor = signal<KeyCursor | undefined>(undefined);
  readonly hand = signal(false);
  readonly hidden = signal(false);
  readonly snap = signal(true);
  /** The label of the next box; the first where none was chosen. */
  readonly label = signal<string | undefined>(undefined);
  /** Sent, and not yet in the kernel's state: shown meanwhile. */
  private readonly sent = signal<readonly Draft[]>([]);
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private readonly port: EditorPort;
  private gesture: Gesture | undefined;

  /** What is shown: the kernel's boxes with what is being done to them. */
  readonly boxes = computed<readonly LabelledBox[]>(() => {
    const boxes = [...(this.row?.boxes ?? [])];
    for (const draft of [...this.sent.value, this.draft.value]) {
      if (!draft) continue;
      const flags = { difficult: false, truncated: false, occluded: false };
      boxes[draft.index] = { ...(boxes[draft.index] ?? { label: this.nextLabel ?? "", ...flags }), ...draft.shape };
    }
    return boxes;
  });

  constructor(port: EditorPort) {
    this.port = port;
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
    this.draft.value = this.cursor.value = undefined;
    this.sent.value = [];
    this.chosen.value = -1;
  }

  /** The kernel's boxes have come: what of the sent is in them is shown as it is there. */
  settle(): void {
    const boxes = this.row?.boxes ?? [];
    const waiting = this.sent.peek().filter(({ index, shape }) => {
      const box = boxes[index];
      return !box || !sameShape(box, shape);
    });
    if (waiting.length < this.sent.peek().length) this.sent.value = waiting;
    if (waiting.length === 0 && !this.draft.peek()) this.keepChosen(boxes.length);
  }

  /** The kernel would not have it: what was sent is not there, and what is done next must not be done to another box. */
  refused(): void {
    this.sent.value = [];
    if (this.chosen.peek() >= (this.row?.boxes.length ?? 0)) this.chosen.value = -1;
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
  gripAt({ at, reach, fresh }: Press): Grip {
    const box = this.hidden.value ? undefined : this.chosenBox;
    if (!box || fresh) return "new";
    const handle = handleAt(at, box, reach);
    return handle ?? (boxesAt(at, [box], 0).length > 0 ? "move" : "new");
  }

  press(press: Press): void {
    if (!this.row) return;
    this.commit();
    const grip = this.gripAt(press);
    this.cursor.value = undefined;
    const index = grip === "new" ? this.row.boxes.length : this.chosen.value;
    const from = grip === "new" ? NOWHERE : (this.chosenBox ?? NOWHERE);
    this.gesture = { grip, index, from, start: press.at, slack: press.reach / 3, reach: press.reach };
  }

  /** @param free leaves the edges of the picture alone */
  drag(at: Point, free: boolean): void {
    const { gesture } = this;
    if (!gesture) return;
    const far = Math.max(Math.abs(at.x - gesture.start.x), Math.abs(at.y - gesture.start.y));
    if (!this.draft.peek() && far < gesture.slack) return;
    const shape = this.dragged(gesture, at, free || !this.snap.value ? 0 : gesture.reach);
    if (shape) this.draft.value = { index: gesture.index, shape, grip: gesture.grip, at };
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
    this.draft.value = this.cursor.value = undefined;
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
    this.cursor.value = { at: this.within(at), anchor: undefined };
    this.sayCursor("Arrow keys move the cross, Enter sets the first corner, Escape cancels");
  }

  moveCursor(by: Point): void {
    const { cursor, row } = this;
    if (!cursor.value || !row) return;
    const at = this.within({ x: cursor.value.at.x + by.x, y: cursor.value.at.y + by.y });
    const { anchor } = cursor.value;
    cursor.value = { at, anchor };
    if (anchor) this.draft.value = { index: row.boxes.length, shape: between(anchor, at, row), grip: "new", at };
    this.sayCursor(anchor ? sizeText(between(anchor, at, row)) : "");
  }

  /** Sets a corner: the first begins the box, the second ends it. */
  setCorner(): void {
    const { cursor } = this;
    if (!cursor.value) return;
    if (cursor.value.anchor) {
      this.cursor.value = undefined;
      this.commit();
    } else {
      cursor.value = { ...cursor.value, anchor: cursor.value.at };
      this.sayCursor("First corner set, Enter sets the second");
    }
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
    const { chosenBox: box, row } = this;
    if (!box || !row) return;
    this.commit();
    const by = { x: OFFSET, y: OFFSET };
    const beside = moved(box, by, row);
    this.add({ ...box, ...(sameShape(beside, box) ? moved(box, { x: -OFFSET, y: -OFFSET }, row) : beside) });
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
    this.expect(draft);
    this.port.send({ type: "shapeBox", id: row.id, index: draft.index, shape: { ...draft.shape } });
  }

  private get busy(): boolean {
    return this.draft.value !== undefined || this.cursor.value !== undefined;
  }

  private keepChosen(count: number): void {
    if (this.chosen.peek() >= count) this.chosen.value = count - 1;
  }

  /** Shows what was sent until it comes back; what does not (somebody has undone it) is not shown for ever. */
  private expect(draft: Draft): void {
    this.sent.value = [...this.sent.peek().filter(({ index }) => index !== draft.index), draft];
    clearTimeout(this.giveUp);
    this.giveUp = setTimeout(() => this.refused(), PATIENCE);
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
    const { xmin, ymin, xmax, ymax } = box;
    const index = this.boxes.value.length;
    this.expect({ index, shape: { xmin, ymin, xmax, ymax }, grip: "new", at: { x: xmax, y: ymax } });
    this.chosen.value = index;
    this.port.send({ type: "addBox", id: row.id, box });
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

  private dragged({ grip, from, start }: Gesture, at: Point, reach: number): BoxShape | undefined {
    const { row } = this;
    if (!row) return undefined;
    if (grip === "new") return between(snapped(start, reach, row), snapped(at, reach, row), row);
    if (grip !== "move") return resized(from, grip, snapped(at, reach, row), row);
    const by = { x: at.x - start.x, y: at.y - start.y };
    return moved(from, snappedMove(from, by, reach, row), row);
  }

  /** Chooses what lies here; again, what lies below that. */
  private click({ start, slack }: Gesture): void {
    const under = this.hidden.value ? [] : boxesAt(start, this.boxes.value, slack);
    const next = under[(under.indexOf(this.chosen.value) + 1) % Math.max(1, under.length)];
    if (next === undefined) this.chosen.value = -1;
    else this.choose(next);
  }

  private within({ x, y }: Point): Point {
    const { width = 0, height = 0 } = this.row ?? {};
    return { x: Math.round(Math.min(width, Math.max(0, x))), y: Math.round(Math.min(height, Math.max(0, y))) };
  }

  private sayCursor(more: string): void {
    const at = this.cursor.value?.at;
    if (at) this.port.announce(`${at.x}, ${at.y}${more === "" ? "" : `. ${more}`}`);
  }
}

/** In milliseconds; a kernel may be busy for a while, and a refusal comes at once. */
const PATIENCE = 15_000;

/** How far a copy lies from what it was copied from, in the picture's pixels. */
const OFFSET = 12;

/** "cup, 120 × 80 pixels at 30, 40, truncated" */
export function describeBox(box: LabelledBox): string {
  const flags = (["difficult", "truncated", "occluded"] as const).filter((flag) => box[flag]);
  const place = `${sizeText(box)} pixels at ${short(box.xmin)}, ${short(box.ymin)}`;
  return [`${box.label}, ${place}`, ...flags].join(", ");
}
