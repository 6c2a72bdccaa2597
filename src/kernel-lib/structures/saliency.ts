/** Where in a picture a model looked for one of its answers. */

/** A coarse grid over the whole picture, row by row from the top left. */
export interface SaliencyMap {
  /** What it looked for. */
  label: string;
  width: number;
  height: number;
  /** `width * height` numbers in 0..1: 1 is where the answer hangs on most. */
  data: Float32Array;
}
