/** Where in a picture a model looked for one of its answers. */

/** Numbers over a whole picture, row by row from the top left. */
export interface Grid {
  width: number;
  height: number;
  /** `width * height`. */
  data: Float32Array;
}

/** A coarse grid over the whole picture, with numbers in 0..1: 1 is where the answer hangs on most. */
export interface SaliencyMap extends Grid {
  /** What it looked for. */
  label: string;
}
