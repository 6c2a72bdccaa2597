/** Who draws a confusion matrix: plots are drawn above the engine, which knows nobody who can. */
import type { EventPicture } from "./tensorboard-events.js";

const DRAW = Symbol.for("vitrine.matrixPicture");

/** @param matrix rows: truth, columns: prediction, in the order of `labels` */
export type DrawMatrix = (matrix: readonly (readonly number[])[], labels: readonly string[]) => Promise<EventPicture>;

/** From then on trainings that are recorded for TensorBoard have a picture of their confusion matrix. */
export function setMatrixPicture(draw: DrawMatrix): void {
  (globalThis as { [DRAW]?: DrawMatrix })[DRAW] = draw;
}

/** undefined where nobody draws. */
export const matrixPicture: (...args: Parameters<DrawMatrix>) => Promise<EventPicture | undefined> = async (...args) =>
  (globalThis as { [DRAW]?: DrawMatrix })[DRAW]?.(...args);
