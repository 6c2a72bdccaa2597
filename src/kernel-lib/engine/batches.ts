/** The parts of an epoch. */

/** Full batches and a rest; or of nearly one size, for batch norm that takes its statistics from each. */
export function* batches(order: readonly number[], batchSize: number, full: boolean): Generator<number[]> {
  const size = full ? batchSize : order.length / Math.ceil(order.length / batchSize);
  for (let start = 0; start < order.length - 1e-6; start += size) {
    yield order.slice(Math.round(start), Math.round(start + size));
  }
}
