/**
 * What a detector sees in the pictures, as suggestions that a person decides on. A suggestion is open until the picture
 * has a box of its label about where it is, or such a box was rejected: so what is taken back by undo brings the suggestion back.
 */
import type { SuggestedBox } from "../protocol/index.js";
import type { Detections } from "../structures/detections.js";
import type { ObjectBox } from "../structures/object-box.js";

/** Two boxes that share this much of what they cover together show the same object, as Pascal VOC has it. */
const SAME_OBJECT = 0.5;

/** What people have said of a picture. */
interface Decided {
  readonly boxes: readonly ObjectBox[];
  readonly rejectedBoxes: readonly ObjectBox[];
}

const NOTHING: Decided = { boxes: [], rejectedBoxes: [] };

export class BoxSuggestions {
  private readonly imageOf: (id: number) => Decided | undefined;
  private readonly seen = new Map<number, SuggestedBox[]>();
  private readonly open = new Map<number, Decided & { open: readonly SuggestedBox[] }>();

  constructor(imageOf: (id: number) => Decided | undefined) {
    this.imageOf = imageOf;
  }

  /** What the detector answered for a picture; `labels` are the detector's. */
  take(id: number, { boxes, scores, classes }: Detections, labels: readonly string[]): void {
    const suggestions = Array.from(scores, (score, i): SuggestedBox => {
      const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = boxes.subarray(4 * i, 4 * i + 4);
      return { label: labels[classes[i] ?? -1] ?? "", xmin, ymin, xmax, ymax, score };
    });
    this.seen.set(
      id,
      suggestions.filter(({ label, score }) => label !== "" && score >= FAINTEST),
    );
    this.open.delete(id);
  }

  /** Open suggestions, the surest first. */
  of(id: number): readonly SuggestedBox[] {
    const { boxes, rejectedBoxes } = this.imageOf(id) ?? NOTHING;
    const known = this.open.get(id);
    if (known?.boxes === boxes && known.rejectedBoxes === rejectedBoxes) return known.open;
    const isOpen = (suggestion: SuggestedBox) =>
      !boxes.some((box) => isSame(box, suggestion)) && !rejectedBoxes.some((box) => isSame(box, suggestion));
    const open = (this.seen.get(id) ?? []).filter(isOpen);
    this.open.set(id, { boxes, rejectedBoxes, open });
    return open;
  }

  /** Open suggestions of these pictures at or above a score. */
  count(ids: readonly number[], threshold: number): number {
    return ids.reduce((sum, id) => sum + this.of(id).filter(({ score }) => score >= threshold).length, 0);
  }
}

/** Below this a suggestion is noise: a detector answers with hundreds. */
const FAINTEST = 0.05;

/** A suggestion as the box that it becomes: within the picture, without flags. */
export function acceptedBox(suggestion: SuggestedBox, picture: { width: number; height: number }): ObjectBox {
  const { label, xmin, ymin, xmax, ymax } = suggestion;
  const within = (value: number, length: number) => Math.min(length, Math.max(0, Math.round(value * 10) / 10));
  return {
    label,
    xmin: within(xmin, picture.width),
    ymin: within(ymin, picture.height),
    xmax: within(xmax, picture.width),
    ymax: within(ymax, picture.height),
    difficult: false,
    truncated: false,
    occluded: false,
  };
}

function isSame(box: ObjectBox, other: SuggestedBox): boolean {
  if (box.label !== other.label) return false;
  const width = Math.min(box.xmax, other.xmax) - Math.max(box.xmin, other.xmin);
  const height = Math.min(box.ymax, other.ymax) - Math.max(box.ymin, other.ymin);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared >= SAME_OBJECT * (area(box) + area(other) - shared);
}

const area = ({ xmin, ymin, xmax, ymax }: Pick<ObjectBox, "xmin" | "ymin" | "xmax" | "ymax">): number =>
  (xmax - xmin) * (ymax - ymin);
