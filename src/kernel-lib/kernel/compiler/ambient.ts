/**
 * What the type checker of cells must know besides Node's declarations: the kernel's globals (`kernel.ts` sets them), and what
 * Node 20 has but TypeScript 5.0.4 doesn't know.
 */

export const AMBIENT_FILE = "/__vitrine_globals__.d.ts";

export const AMBIENT_TEXT = `
/**
 * Asks the person at the notebook and waits for the answer.
 * @param prompt shown before the field
 * @param options password: the answer is not shown while it is typed
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

interface __VitrineScope {
  use<T extends Disposable | null | undefined>(value: T): T;
  useAsync<T extends AsyncDisposable | Disposable | null | undefined>(value: T): T;
  fail(error: unknown): unknown;
  close(): void;
  closeAsync(): Promise<void>;
}
declare function __vitrineScope(): __VitrineScope;
declare const __vitrineCell: __VitrineScope;

interface SymbolConstructor {
  readonly dispose: unique symbol;
  readonly asyncDispose: unique symbol;
}
interface Disposable {
  [Symbol.dispose](): void;
}
interface AsyncDisposable {
  [Symbol.asyncDispose](): PromiseLike<void>;
}

interface ReadonlyArray<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
  with(index: number, value: T): T[];
}
interface Array<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
  with(index: number, value: T): T[];
}
`;
