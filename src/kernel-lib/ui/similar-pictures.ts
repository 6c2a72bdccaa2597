/** The pictures of one set that look most like a picture of another, by the cosine of a model's features. */
import { type Matrix, matrixRow } from "../structures/matrix.js";

export interface SimilarPicture {
  /** Its place in the searched set. */
  index: number;
  /** -1 to 1. */
  similarity: number;
}

/** @param features of the searched set, one row a picture */
export function mostSimilar(
  query: Float32Array,
  features: Matrix,
  count: number,
  skip: (index: number) => boolean,
): SimilarPicture[] {
  const length = norm(query);
  const found: SimilarPicture[] = [];
  for (let index = 0; index < features.rows; index++) {
    if (skip(index)) continue;
    const row = matrixRow(features, index);
    let dot = 0;
    for (let i = 0; i < query.length; i++) dot += (query[i] ?? 0) * (row[i] ?? 0);
    const similarity = dot / Math.max(length * norm(row), Number.MIN_VALUE);
    if (found.length === count && similarity <= (found.at(-1)?.similarity ?? 0)) continue;
    const place = found.findIndex((one) => similarity > one.similarity);
    found.splice(place < 0 ? found.length : place, 0, { index, similarity });
    found.length = Math.min(found.length, count);
  }
  return found;
}

function norm(values: Float32Array): number {
  let square = 0;
  for (const value of values) square += value * value;
  return Math.sqrt(square);
}
