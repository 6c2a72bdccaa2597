/**
 * Loops compiled to WebAssembly with SIMD, ready to run anywhere that has it: no file is read, nothing of Node is used.
 *
 * Where it is missing `instantiate` gives nothing, and the caller takes the loop's twin in plain TypeScript, which also is what the
 * tests hold it against.
 */

/** Memory that a loop's addresses point into; `buffer` is another one after each `grow`. */
export interface SimdMemory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KiB, more than there are */
  grow(pages: number): number;
}

export interface SimdInstance<Loops> {
  loops: Loops;
  memory: SimdMemory;
}

/** The part of the standard's WebAssembly that is used: TypeScript declares it for browsers only. Node --jitless has none. */
declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object, imports: { env: { memory: SimdMemory } }) => { exports: unknown };
      Memory: new (descriptor: { initial: number }) => SimdMemory;
      validate(bytes: Uint8Array): boolean;
    }
  | undefined;

const PAGE_BYTES = 65536;
/** As many as a 32-bit address reaches. */
const MAX_PAGES = 65536;

/** What `src/simd` exports under one name; `Loops` says which functions, with addresses and lengths as numbers. */
export class SimdCode<Loops> {
  private readonly base64: string;
  /** null: the machine's WebAssembly does not take it. */
  private compiled: object | null | undefined;
  /** The loops by the memory that they work in. */
  private readonly instances = new WeakMap<SimdMemory, Loops>();

  constructor(base64: string) {
    this.base64 = base64;
  }

  /** The loops over a memory of their own, all zero; undefined without SIMD, or where that much memory is not to be had. */
  instantiate(bytes: number): SimdInstance<Loops> | undefined {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    if (typeof WebAssembly === "undefined" || pages > MAX_PAGES) return undefined;
    const module = this.module(WebAssembly);
    if (!module) return undefined;
    try {
      const memory = new WebAssembly.Memory({ initial: pages });
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return { loops: exports as Loops, memory };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** The loops over memory that others work in too. */
  over(memory: SimdMemory): Loops | undefined {
    const known = this.instances.get(memory);
    if (known || typeof WebAssembly === "undefined") return known;
    const module = this.module(WebAssembly);
    if (!module) return undefined;
    const loops = new WebAssembly.Instance(module, { env: { memory } }).exports as Loops;
    this.instances.set(memory, loops);
    return loops;
  }

  private module(wasm: NonNullable<typeof WebAssembly>): object | null {
    if (this.compiled !== undefined) return this.compiled;
    const bytes = bytesOf(atob(this.base64));
    return (this.compiled = wasm.validate(bytes) ? new wasm.Module(bytes) : null);
  }
}

/** Letter by letter: `Uint8Array.from` would take milliseconds of a process's first picture. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
