/** Pictures that arrived as bytes, as URLs that an `<img>` can show: the least recently used go first, and all go with the view. */
export class ObjectUrls {
  private readonly urls = new Map<string, { url: string; bytes: number }>();
  private held = 0;
  private readonly limit: number;

  /**
   * @param gone revokes every URL when it fires: `port.signal`
   * @param limit in bytes, enough for what is on screen at once
   */
  constructor(gone: AbortSignal, limit = 64 * 1024 * 1024) {
    this.limit = limit;
    gone.addEventListener("abort", () => this.clear());
  }

  /** The picture's URL, if it is there. */
  get(key: string): string | undefined {
    const kept = this.urls.get(key);
    if (kept) {
      this.urls.delete(key);
      this.urls.set(key, kept);
    }
    return kept?.url;
  }

  /** Whether the picture is there; asking for it does not make it used. */
  has(key: string): boolean {
    return this.urls.has(key);
  }

  /** Keeps a picture and returns its URL; one of the same key is replaced. */
  set(key: string, bytes: DataView | Uint8Array, mime: string): string {
    this.drop(key);
    // A copy: the message's buffer may be larger than the picture, and may be shared.
    const copy = new Uint8Array(bytes.byteLength);
    copy.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const url = URL.createObjectURL(new Blob([copy], { type: mime }));
    this.urls.set(key, { url, bytes: copy.byteLength });
    this.held += copy.byteLength;
    for (const oldest of this.urls.keys()) {
      // The newest stays, however large: someone is waiting for it.
      if (this.held <= this.limit || oldest === key) break;
      this.drop(oldest);
    }
    return url;
  }

  /** Forgets a picture, so that it is asked for again. */
  drop(key: string): void {
    const kept = this.urls.get(key);
    if (!kept) return;
    URL.revokeObjectURL(kept.url);
    this.urls.delete(key);
    this.held -= kept.bytes;
  }

  clear(): void {
    for (const key of [...this.urls.keys()]) this.drop(key);
  }
}
