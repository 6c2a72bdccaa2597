/** What a data set has left out, and why. */

export interface DatasetProblem {
  readonly path: string;
  readonly reason: string;
}
