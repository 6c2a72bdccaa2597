/** Values with a size, the least recently used of which go when there are too many bytes. */
export class ByteCache<V extends { readonly bytes: Uint8Array }> {
  private readonly limit: number;
  // A Map keeps insertion order: the first key is the one that was not asked for the longest.
  private readonly entries = new Map<string, V>();
  private held = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.held;
  }

  get(key: string): V | undefined {
    const value = this.entries.get(key);
    if (!value) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /** A value larger than the limit is not kept. */
  set(key: string, value: V): void {
    this.delete(key);
    if (value.bytes.byteLength > this.limit) return;
    this.entries.set(key, value);
    this.held += value.bytes.byteLength;
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.limit) return;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    this.held -= this.entries.get(key)?.bytes.byteLength ?? 0;
    this.entries.delete(key);
  }
}
