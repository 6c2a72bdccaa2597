/** The boxes that stay, by WebAssembly with SIMD, four rivals at a time. */
import { SimdCode, type SimdInstance } from "../simd/simd-code.js";
import { suppressionCode } from "../simd/suppression-code.js";
import { LEAST_FOR_DRAWERS, rivalry } from "./nms-drawers.js";

/** What `src/simd/suppression.ts` exports; addresses in bytes. */
interface Suppression {
  suppress(
    boxes: number,
    count: number,
    threshold: number,
    reach: number,
    areaFactor: number,
    stay: number,
    tables: number,
    blocks: number,
  ): number;
}

const CODE = new SimdCode<Suppression>(suppressionCode);

/** 2¹⁵ drawers and 80 levels, four bytes each. */
const TABLES = ((1 << 15) + 80) * 4;
/** A box and its place; at worst each box has a block of 96 bytes for itself. */
const BYTES_A_BOX = 16 + 4 + 96;
const PAGE = 65536;

let instance: SimdInstance<Suppression> | undefined;

/** The places of the boxes that stay; undefined without SIMD, or for a threshold that leaves rivals everywhere. @param boxes the best one first */
export function stayingBySimd(boxes: Float32Array, threshold: number): Int32Array | undefined {
  // Above 1 nothing goes, below the other limit nearly all rivals have to be looked at.
  if (!(threshold >= LEAST_FOR_DRAWERS && threshold <= 1)) return undefined;
  const count = boxes.length / 4;
  const room = TABLES + count * BYTES_A_BOX + 16;
  const own = roomFor(room);
  if (!own) return undefined;
  const { loops, memory } = own;
  // Address 0 means no block, and tables lie there.
  const boxesAt = TABLES;
  const stayAt = boxesAt + count * 16;
  const blocksAt = (stayAt + count * 4 + 15) & ~15;
  new Float32Array(memory.buffer, boxesAt, boxes.length).set(boxes);
  const { reach, areaFactor } = rivalry(threshold);
  const stay = loops.suppress(boxesAt, count, notAbove(threshold), reach, areaFactor, stayAt, 0, blocksAt);
  return new Int32Array(memory.buffer, stayAt, stay).slice();
}

/** Kept from call to call, and grown. */
function roomFor(bytes: number): SimdInstance<Suppression> | undefined {
  instance ??= CODE.instantiate(bytes);
  const missing = instance ? bytes - instance.memory.buffer.byteLength : 0;
  if (instance && missing > 0) {
    try {
      instance.memory.grow(Math.ceil(missing / PAGE));
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
  return instance;
}

const bitsOf = new Float32Array(1);
const bits = new Int32Array(bitsOf.buffer);

/** The greatest float that is not above a positive number: what is above the one is above the other. */
function notAbove(value: number): number {
  const nearest = Math.fround(value);
  if (nearest <= value) return nearest;
  bitsOf[0] = nearest;
  bits[0]! -= 1; // eslint-disable-line @typescript-eslint/no-non-null-assertion -- it has one number
  return bitsOf[0];
}
