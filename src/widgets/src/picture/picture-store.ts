/**
 * The pictures of one view: asks the kernel for what is on screen and not yet here, keeps what came, and finds the best there is
 * for a size. A smaller one stands in until the right one is there, so that moving on never shows an empty frame twice.
 */
import { signal, type Signal } from "@preact/signals";

import {
  MAX_PICTURE_SIDE,
  pictureSide,
  type GalleryEvent,
  type PictureRequest,
} from "../../../kernel-lib/protocol/index.js";
import { ObjectUrls } from "../base/object-urls.js";
import type { WidgetPort } from "../base/port.js";

type PicturePort = Pick<WidgetPort<object, PictureRequest, GalleryEvent>, "send" | "onEvent" | "signal">;

/** Every size that is ever asked for, the smallest first. */
const SIDES: readonly number[] = allSides();

let views = 0;

export class PictureStore {
  private readonly port: PicturePort;
  private readonly urls: ObjectUrls;
  private readonly view = `view-${++views}-${Math.random().toString(36).slice(2, 8)}`;
  private readonly pending = new Map<string, ReadonlySet<string>>();
  /** By picture, what changes when one of its sizes comes: of a wall of cells the one is drawn again that was waiting. */
  private readonly arrivals = new Map<number, Signal<number>>();
  private readonly failures = signal<ReadonlyMap<number, string>>(new Map());

  constructor(port: PicturePort) {
    this.port = port;
    this.urls = new ObjectUrls(port.signal);
    port.onEvent((event, buffers) => this.receive(event, buffers));
  }

  /**
   * What a part of the view shows now, the most urgent first, in place of what it showed before.
   *
   * @param part "grid", say
   * @param side in device pixels; see `pictureSide`
   */
  want(part: string, ids: readonly number[], side: number): void {
    const missing = ids.filter((id) => !this.urls.has(keyOf(id, side)) && !this.failures.peek().has(id));
    const before = this.pending.get(part)?.size ?? 0;
    this.pending.set(part, new Set(missing.map((id) => keyOf(id, side))));
    if (missing.length === 0 && before === 0) return;
    this.port.send({ type: "pictures", reader: `${this.view}/${part}`, ids: missing, side });
  }

  /** The picture at this size, else the next smaller one that is here, else a larger one. */
  best(id: number, side: number): string | undefined {
    // Reading the signal is what makes the component wait for the picture.
    const arrival = this.arrivals.get(id) ?? signal(0);
    if (arrival.value === 0) this.arrivals.set(id, arrival);
    const found = preferred(side).find((other) => this.urls.has(keyOf(id, other)));
    return found === undefined ? undefined : this.urls.get(keyOf(id, found));
  }

  /** Why a picture can't be shown. */
  failure(id: number): string | undefined {
    return this.failures.value.get(id);
  }

  private receive(event: GalleryEvent, buffers: readonly DataView[]): void {
    if (event.type === "picture") {
      const key = keyOf(event.id, event.side);
      // Another view of the same widget may have asked for it.
      const mine = [...this.pending.values()].some((keys) => keys.has(key));
      if (!mine || !buffers[0]) return;
      this.urls.set(key, buffers[0], event.mime);
      const arrival = this.arrivals.get(event.id);
      if (arrival) arrival.value++;
    } else if (event.type === "pictureFailed") {
      this.failures.value = new Map(this.failures.value).set(event.id, event.reason);
    }
  }
}

const keyOf = (id: number, side: number): string => `${id}@${side}`;

const preferences = new Map<number, readonly number[]>();

/** The sizes that may stand in for one, the best first. */
function preferred(side: number): readonly number[] {
  const known = preferences.get(side);
  if (known) return known;
  const fitting = SIDES.filter((other) => other <= side).reverse();
  const sides = [...fitting, ...SIDES.filter((other) => other > side)];
  preferences.set(side, sides);
  return sides;
}

function allSides(): number[] {
  const sides: number[] = [];
  for (let side = pictureSide(1); ; side = pictureSide(side + 1)) {
    sides.push(side);
    if (side >= MAX_PICTURE_SIDE) return sides;
  }
}
