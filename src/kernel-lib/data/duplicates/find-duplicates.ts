/** Pictures that are nearly the same: within a data set, and between the part that learns and the part that tests. */
import { quote, VitrineError } from "../../structures/errors.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import type { Matrix } from "../../structures/matrix.js";
import { integerOption, knownOptions, numberOption } from "../../structures/options.js";
import type { AnnotatedImage } from "../annotated-image.js";
import { perceptualHash, type PerceptualHash } from "../perceptual-hash.js";
import { DuplicateReport, type DuplicatePair } from "./duplicate-report.js";
import { featurePairs } from "./feature-pairs.js";
import { hashPairs, type IndexPair } from "./hash-pairs.js";

/** Anything with pictures: a data set of either kind. */
export interface Pictures<I extends AnnotatedImage> {
  readonly name: string;
  readonly images: readonly I[];
}

/** A model that turns pictures into features: `TransferLearningModel`. */
export interface FeatureModel<D> {
  features(dataset: D, options?: { signal?: AbortSignal | undefined }): Promise<Matrix>;
}

export interface DuplicateOptions<D> {
  /**
   * How far two pictures may be apart. By hash: bits of 64 that differ, 0 to 64, 6 by default. By features: 1 − the cosine, 0 to 2, 0.02
   * by default: for the embedded base that is a copy scaled, saved again or cut at its edges. More, such as 0.05, finds what looks alike.
   */
  maxDistance?: number;
  /** Compares what the model sees in place of the perceptual hash: by a larger `maxDistance` the same thing from another side is found too. */
  model?: FeatureModel<D>;
  signal?: AbortSignal | undefined;
  /** Pictures that were hashed. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/**
 * Pairs and groups of pictures that are nearly the same. The result shows itself in a cell.
 * @throws `MissingFile`, `InvalidImage` (a picture that was there is not any more), `Stopped`
 */
export async function findNearDuplicates<I extends AnnotatedImage, D extends Pictures<I>>(
  dataset: D & Pictures<I>,
  options: DuplicateOptions<D> = {},
): Promise<DuplicateReport<I>> {
  knownOptions("findNearDuplicates", options, OPTIONS);
  const pairs = await nearPairs([dataset], options);
  return DuplicateReport.of("Near duplicates", namedPairs(pairs, dataset.images), dataset.images.length);
}

/**
 * Pictures of the test part that are nearly the same as one of the training part: a score on them says nothing of new pictures. `a` of
 * each pair is of `train`, `b` of `test`.
 * @throws `MissingFile`, `InvalidImage` (a picture that was there is not any more), `Stopped`
 */
export async function findLeaks<I extends AnnotatedImage, D extends Pictures<I>>(
  train: D & Pictures<I>,
  test: D & Pictures<I>,
  options: DuplicateOptions<D> = {},
): Promise<DuplicateReport<I>> {
  knownOptions("findLeaks", options, OPTIONS);
  const count = train.images.length;
  const pairs = await nearPairs([train, test], options, (a, b) => a < count && b >= count);
  const images = [...train.images, ...test.images];
  return DuplicateReport.of("Leaks from train to test", namedPairs(pairs, images), images.length);
}

const OPTIONS = ["maxDistance", "model", "signal", "onProgress"];

async function nearPairs<I extends AnnotatedImage, D extends Pictures<I>>(
  datasets: readonly D[],
  options: DuplicateOptions<D>,
  crosses?: (a: number, b: number) => boolean,
): Promise<IndexPair[]> {
  const signal = effectiveSignal(options.signal);
  const { model } = options;
  if (!model) {
    const maxDistance = integerOption("maxDistance", options.maxDistance ?? 6, 0, 64);
    const hashes = await hashesOf(
      datasets.flatMap(({ images }) => images),
      options,
    );
    return hashPairs(hashes, maxDistance, crosses);
  }
  const maxDistance = numberOption("maxDistance", options.maxDistance ?? 0.02, 0, 2);
  const matrices: Matrix[] = [];
  for (const dataset of datasets) matrices.push(await model.features(dataset, signal ? { signal } : {}));
  return featurePairs(
    stacked(
      matrices,
      datasets.map(({ images }) => images.length),
    ),
    maxDistance,
    crosses,
    signal,
  );
}

async function hashesOf<D>(images: readonly AnnotatedImage[], options: DuplicateOptions<D>): Promise<PerceptualHash[]> {
  const signal = effectiveSignal(options.signal);
  const hashes: PerceptualHash[] = [];
  const queue = images.entries();
  let done = 0;
  const work = async () => {
    for (const [index, image] of queue) {
      if (signal?.aborted)
        throw new VitrineError("Stopped", { operation: "Comparing pictures", kept: "nothing is kept" });
      hashes[index] = await perceptualHash(image.storagePath);
      options.onProgress?.({ done: ++done, total: images.length });
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return hashes;
}

function stacked(matrices: readonly Matrix[], rows: readonly number[]): Matrix {
  const columns = matrices[0]?.columns ?? 0;
  matrices.forEach((matrix, index) => {
    if (matrix.rows === rows[index] && matrix.columns === columns) return;
    const expected = `features with ${rows[index] ?? 0} rows and ${columns} columns`;
    const received = quote({ rows: matrix.rows, columns: matrix.columns });
    throw new VitrineError("InvalidOption", { option: "model", expected, received });
  });
  const data = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.data.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { rows: rows.reduce((sum, count) => sum + count, 0), columns, data };
}

function namedPairs<I>(pairs: readonly IndexPair[], images: readonly I[]): DuplicatePair<I>[] {
  return pairs.flatMap(({ a, b, distance }) => {
    const [first, second] = [images[a], images[b]];
    return first && second ? [{ a: first, b: second, distance }] : [];
  });
}
