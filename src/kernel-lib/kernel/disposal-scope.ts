/** What `using` and `await using` have declared, until their block or cell ends; see `compiler/using.ts`. */

type Disposal = () => unknown;

export class DisposalScope {
  private readonly disposals: Disposal[] = [];
  private failure: { error: unknown } | undefined;

  get isEmpty(): boolean {
    return this.disposals.length === 0;
  }

  /** @throws TypeError for a value that can't be disposed. */
  use<T>(value: T): T {
    return this.add(value, [Symbol.dispose]);
  }

  useAsync<T>(value: T): T {
    return this.add(value, [Symbol.asyncDispose, Symbol.dispose]);
  }

  /** Notes what ended the block, and returns it. */
  fail(error: unknown): unknown {
    this.failure = { error };
    return error;
  }

  /** Last come, first served. Throws what a disposal throws; what ended the block is then that error's cause. */
  close(): void {
    for (let dispose = this.disposals.pop(); dispose; dispose = this.disposals.pop()) {
      try {
        dispose();
      } catch (error) {
        this.suppress(error);
      }
    }
    this.end();
  }

  async closeAsync(): Promise<void> {
    for (let dispose = this.disposals.pop(); dispose; dispose = this.disposals.pop()) {
      try {
        await dispose();
      } catch (error) {
        this.suppress(error);
      }
    }
    this.end();
  }

  private suppressing = false;

  private suppress(error: unknown): void {
    const suppressed = this.failure;
    if (suppressed && error instanceof Error && error.cause === undefined) error.cause = suppressed.error;
    this.failure = { error };
    this.suppressing = true;
  }

  private end(): void {
    // The block's own error goes on by itself.
    if (this.suppressing && this.failure) throw this.failure.error;
  }

  private add<T>(value: T, names: readonly symbol[]): T {
    if (value === null || value === undefined) return value;
    const methods = value as { readonly [name: symbol]: unknown };
    const method = names.map((name) => methods[name]).find((found) => typeof found === "function");
    if (typeof method !== "function")
      throw new TypeError("Expected a value with a method [Symbol.dispose] after using");
    this.disposals.push(() => (method as Disposal).call(value));
    return value;
  }
}
