/** Reads, in the background, the annotation files of which nobody has asked yet what is in them. */
import { annotationsOf } from "./annotated-image.js";
import { BackgroundWork } from "./background-work.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { ObjectDetectionImage } from "./object-detection-image.js";

/** What a person doesn't notice while drawing a box. */
const SLICE_MS = 4;

export class BoxReading extends BackgroundWork {
  /** What was found wrong so far, also in files that were read because somebody asked. */
  readonly problems: readonly DatasetProblem[];
  protected readonly total: number;
  protected done = 0;
  private readonly images: readonly ObjectDetectionImage[];
  private readonly keep: () => Promise<void>;

  constructor(images: readonly ObjectDetectionImage[], problems: readonly DatasetProblem[], keep: () => Promise<void>) {
    super();
    this.images = images;
    this.total = images.length;
    this.problems = problems;
    this.keep = keep;
  }

  /** All that are left, at once. */
  readNow(): void {
    while (this.done < this.total) this.readNext();
  }

  protected override work(): Promise<void> {
    const end = performance.now() + SLICE_MS;
    while (this.done < this.total && performance.now() < end) this.readNext();
    return Promise.resolve();
  }

  protected override save(): Promise<void> {
    return this.keep();
  }

  private readNext(): void {
    const image = this.images[this.done++];
    if (image) annotationsOf(image);
  }
}
