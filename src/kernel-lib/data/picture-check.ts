/** Decodes, in the background, the pictures of which a data set has taken it on trust that they can be decoded. */
import { BackgroundWork } from "./background-work.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { ImageFacts } from "./image-facts.js";
import type { PictureIndex } from "./picture-index.js";
import type { UncheckedFacts } from "./unchecked-facts.js";

/** Few: thumbnails that somebody is waiting for are made meanwhile. */
const AT_ONCE = 2;
/** Pictures between two looks at what else there is to do. */
const BATCH = 32;

type Look = (path: string) => Promise<{ facts?: ImageFacts; problem?: DatasetProblem }>;

export class PictureCheck extends BackgroundWork {
  /** What was found wrong so far. */
  readonly problems: DatasetProblem[] = [];
  protected readonly total: number;
  protected done = 0;
  private readonly queue: Iterator<UncheckedFacts>;
  private readonly look: Look;
  private readonly index: PictureIndex | undefined;

  constructor(pictures: readonly UncheckedFacts[], look: Look, index: PictureIndex | undefined) {
    super();
    this.total = pictures.length;
    this.queue = pictures.values();
    this.look = look;
    this.index = index;
  }

  protected override async work(): Promise<void> {
    let room = BATCH;
    const worker = async () => {
      while (room-- > 0) {
        const next = this.queue.next();
        if (next.done === true) return;
        await this.check(next.value);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  protected override async save(): Promise<void> {
    await this.index?.save();
  }

  private async check(picture: UncheckedFacts): Promise<void> {
    const { facts, problem } = await this.look(picture.storagePath);
    if (problem) this.problems.push(problem);
    this.done++;
    picture.settle(facts, problem?.reason ?? "it can't be read");
  }
}
