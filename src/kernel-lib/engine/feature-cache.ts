/** Features of pictures, kept by what they depend on: the file's content, the network, the size. */

const LIMIT_BYTES = 256 * 2 ** 20;

const rows = new Map<string, Float32Array>();
let bytes = 0;

export function cachedFeatures(key: string): Float32Array | undefined {
  const row = rows.get(key);
  if (row) {
    rows.delete(key);
    rows.set(key, row);
  }
  return row;
}

/** Keeps a row; the least recently used ones make room. */
export function cacheFeatures(key: string, row: Float32Array): void {
  if (rows.has(key)) return;
  rows.set(key, row);
  bytes += row.byteLength;
  for (const [oldest, data] of rows) {
    if (bytes <= LIMIT_BYTES) break;
    rows.delete(oldest);
    bytes -= data.byteLength;
  }
}
