/** One picture of an object detection data set, and the objects in it. */
import { numberOption, knownOptions } from "../structures/options.js";
import type { ObjectBox } from "../structures/object-box.js";
import { AnnotatedImage, annotationsOf, unreadBoxesOf, type Annotations } from "./annotated-image.js";
import { outlinesOf, type CocoOutline } from "./formats/coco-outline.js";
import type { ImageFacts } from "./image-facts.js";
import { drawBoxes } from "./draw-boxes.js";
import type { ShownPicture } from "./shown-picture.js";
import type { UnreadBoxes } from "./unread-boxes.js";

let outlinesFrom: (image: ObjectDetectionImage) => readonly CocoOutline[];

export interface VisualizeOptions {
  /** The longer side of the drawn picture in pixels; the picture's own, but at most 1200, by default. */
  imageSize?: number;
}

/** One picture of an `ObjectDetectionDataset`: its name, size, the boxes in it, and where it lies. */
export class ObjectDetectionImage extends AnnotatedImage {
  readonly #labels: () => readonly string[];
  readonly #outlines: readonly CocoOutline[];

  static {
    outlinesFrom = (image) => image.#outlines;
  }

  /**
   * @param labels the data set's, whose order gives each its colour
   * @param boxes read when somebody asks for them for the first time, where they are not given
   */
  constructor(
    facts: ImageFacts,
    annotations: Partial<Pick<Annotations, "boxes" | "flag" | "note">> & {
      readonly outlines?: readonly CocoOutline[] | undefined;
    },
    labels: () => readonly string[],
    boxes?: UnreadBoxes,
  ) {
    super(facts, annotations, boxes);
    this.#labels = labels;
    this.#outlines = annotations.outlines ?? [];
  }

  /** Read from the picture's annotation file where that was not done yet. Changed through the data set. */
  get boxes(): readonly ObjectBox[] {
    return annotationsOf(this).boxes;
  }

  /**
   * How many square pixels each object covers, parallel to `boxes`: the box's, or what is within the outline where COCO's file says so and
   * nobody has changed the box. COCO's small, medium and large objects are told apart by it.
   */
  get areas(): readonly number[] {
    const { boxes } = this;
    const outlines = outlinesOf(boxes, this.#outlines, this);
    return boxes.map(({ xmin, ymin, xmax, ymax }, at) => outlines[at]?.area ?? (xmax - xmin) * (ymax - ymin));
  }

  /** Whether its annotation file was read; until then nobody has asked for its boxes. */
  get isRead(): boolean {
    return unreadBoxesOf(this) === undefined;
  }

  /** What a detector saw in it and a person would not have. Changed through the data set. */
  get rejectedBoxes(): readonly ObjectBox[] {
    return annotationsOf(this).rejectedBoxes;
  }

  /** The picture with its boxes and their labels, which are readable at any size. A cell shows it. */
  async visualizeBoundingBoxes(options: VisualizeOptions = {}): Promise<ShownPicture> {
    knownOptions("visualizeBoundingBoxes", options, ["imageSize"]);
    const side = options.imageSize ?? Math.min(1200, Math.max(this.width, this.height));
    return drawBoxes(this.storagePath, this.boxes, {
      imageSize: numberOption("imageSize", side, 16, 8192),
      labels: this.#labels(),
    });
  }

  toJSON(): ImageFacts & { boxes: readonly ObjectBox[] } {
    const { name, ...rest } = this.facts();
    return { name, boxes: this.boxes, ...rest };
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (v: unknown, o: object) => string,
  ) {
    return `ObjectDetectionImage ${inspect(this.toJSON(), options)}`;
  }
}

/** What COCO's file said beyond the boxes; for this room alone. */
export function cocoOutlinesOf(image: ObjectDetectionImage): readonly CocoOutline[] {
  return outlinesFrom(image);
}
