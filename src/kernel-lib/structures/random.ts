/** Seeded random numbers: the same seed gives the same numbers on every machine. */

/** Plain numbers, which JSON keeps to the last bit. */
export interface RandomPosition {
  state: readonly number[];
  /** The second of a pair of normal numbers, where the first is used up. */
  spare?: number;
}

/**
 * A small counter-free generator (sfc32, by C. Doty-Humphrey, PractRand) seeded by splitmix32 from one number or text.
 * Not for secrets.
 */
export class SeededRandom {
  private readonly state: Uint32Array;
  private spare: number | undefined;

  constructor(seed: number | string) {
    const mix = splitmix32(typeof seed === "number" ? seed : hash32(seed));
    this.state = Uint32Array.of(mix(), mix(), mix(), 1);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Where it has got to: one that is put there goes on with the same numbers. */
  get position(): RandomPosition {
    return { state: [...this.state], ...(this.spare === undefined ? {} : { spare: this.spare }) };
  }

  set position({ state, spare }: RandomPosition) {
    this.state.set(state);
    this.spare = spare;
  }

  /** 32 random bits. */
  uint32(): number {
    const s = this.state as unknown as [number, number, number, number];
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum;
  }

  /** The next `target.length` values of `uint32`, several times as fast as one by one. */
  fillUint32(target: Uint32Array): void {
    const state = new Int32Array(this.state.buffer);
    let [a, b, c, counter] = state as unknown as [number, number, number, number];
    for (let i = 0; i < target.length; i++) {
      const sum = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      target[i] = sum;
    }
    state.set([a, b, c, counter]);
  }

  /** In [0, 1), with 53 random bits. */
  next(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A whole number in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** In [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Normally distributed, by Marsaglia's polar method. */
  normal(mean = 0, deviation = 1): number {
    if (this.spare !== undefined) {
      const spare = this.spare;
      this.spare = undefined;
      return mean + deviation * spare;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = v * factor;
      return mean + deviation * u * factor;
    }
  }

  /** A new array in random order (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  /** A generator of its own for a named part: what one part draws never shifts another's numbers. */
  fork(name: string | number): SeededRandom {
    return new SeededRandom(`${this.state.join(",")}/${name}`);
  }
}

function splitmix32(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x9e3779b9) | 0;
    let t = a ^ (a >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

/** FNV-1a over UTF-16 units, enough to turn a name into a seed. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
