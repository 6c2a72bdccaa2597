/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/** What becomes of the levels of a picture that few photons make: how many there are is a Poisson number. */
import type { SeededRandom } from "../structures/random.js";
import { logFactorial } from "./samplers.js";

/** Of 16 bits. */
const PLACES = 65536;
/** Random numbers at a time. */
const BATCH = 4096;

export class PhotonLevels {
  /** As many photons as ever come. */
  private readonly most: number;
  /** For each level, how many places of all lie below each next number of photons. */
  private readonly limits: Uint32Array;
  /** For each level and the upper 8 bits of a place, the fewest photons. */
  private readonly least: Uint8Array;
  /** The level that so many photons make. */
  private readonly made: Uint8Array;

  /** @param photons of a white pixel on average, at most 100 */
  constructor(photons: number) {
    this.most = Math.ceil(photons + 8 * Math.sqrt(photons) + 8);
    this.limits = new Uint32Array(256 * this.most);
    this.least = new Uint8Array(PLACES);
    this.made = Uint8Array.from({ length: this.most }, (_, count) => Math.min(count / photons, 1) * 255);
    for (let level = 0; level < 256; level++) this.prepare(level, (level / 255) * photons);
  }

  private prepare(level: number, mean: number): void {
    const start = level * this.most;
    let below = 0;
    for (let count = 0; count < this.most; count++) {
      below += mean > 0 ? Math.exp(count * Math.log(mean) - mean - logFactorial(count)) : Number(count === 0);
      this.limits[start + count] = count === this.most - 1 ? PLACES : Math.round(below * PLACES);
    }
    for (let part = 0, count = 0; part < 256; part++) {
      while (this.limits[start + count]! <= part * 256) count++;
      this.least[level * 256 + part] = count;
    }
  }

  /** Each byte anew. */
  replace(data: Uint8Array, random: SeededRandom): void {
    const { most, limits, least, made } = this;
    const bits = new Uint32Array(BATCH);
    for (let i = 0; i < data.length; i++) {
      if (i % (2 * BATCH) === 0) random.fillUint32(bits);
      const two = bits[(i >> 1) % BATCH]!;
      const place = i & 1 ? two >>> 16 : two & 0xffff;
      const level = data[i]!;
      let count = least[level * 256 + (place >> 8)]!;
      while (limits[level * most + count]! <= place) count++;
      data[i] = made[count]!;
    }
  }
}
