/** CIE L*a*b* and L*u*v*, by the tables of color-spaces-cie, which is the twin. */
import { joined, kept, withoutFourths } from "./pixels";

/**
 * @param sums of each level of red, of green and of blue what it gives to X, Y and Z, four whole numbers, in 4096ths
 * @param roots of each light, 16 bits
 */
export function toLab(from: usize, to: usize, sums: usize, roots: usize, count: i32): void {
  for (let i = 0; i < count; i++, from += 3, to += 3) {
    const red = v128.load(sums + (usize(load<u8>(from)) << 4));
    const green = v128.load(sums + (usize(load<u8>(from, 1)) << 4), 4096);
    const blue = v128.load(sums + (usize(load<u8>(from, 2)) << 4), 8192);
    const xyz = i32x4.shr_u(i32x4.add(i32x4.add(red, green), i32x4.add(blue, i32x4.splat(2048))), 12);
    const x = i32(load<u16>(roots + (usize(i32x4.extract_lane(xyz, 0)) << 1)));
    const y = i32(load<u16>(roots + (usize(i32x4.extract_lane(xyz, 1)) << 1)));
    const z = i32(load<u16>(roots + (usize(i32x4.extract_lane(xyz, 2)) << 1)));
    // Halves, and 128 for a* and b*; none of the three is beyond a byte.
    store<u8>(to, (296 * y - 1320550) >> 15);
    store<u8>(to, (500 * (x - y) + 4210688) >> 15, 1);
    store<u8>(to, (200 * (y - z) + 4210688) >> 15, 2);
  }
}

/** What the table of light from roots begins with. */
const LEAST_ROOT = -8145;

/**
 * @param lights of each L* its Y and its root, 16 bits each
 * @param cubes of each root, from -8145 on, its light, 32 bits
 * @param weights from X, Y and Z to each colour, four whole numbers
 * @param levels of each light, 4096 bytes
 */
export function fromLab(
  from: usize,
  to: usize,
  lights: usize,
  cubes: usize,
  weights: usize,
  levels: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++, from += 3, to += 3) {
    const light = lights + (usize(load<u8>(from)) << 2);
    const root = i32(load<u16>(light, 2));
    const a = ((i32(load<u8>(from, 1)) * 268435 + 128) >> 13) - 4194;
    const b = ((i32(load<u8>(from, 2)) * 41943 + 16) >> 9) - 10484;
    const x = load<i32>(cubes + (usize(root + a - LEAST_ROOT) << 2));
    const z = load<i32>(cubes + (usize(root - b - LEAST_ROOT) << 2));
    put(to, x, load<u16>(light), z, weights, levels);
  }
}

/** Light as the levels of three colours; what weighs it is in 16384ths. */
function put(to: usize, x: i32, y: i32, z: i32, weights: usize, levels: usize): void {
  const ofX = i32x4.mul(v128.load(weights), i32x4.splat(x));
  const ofY = i32x4.mul(v128.load(weights, 16), i32x4.splat(y));
  const colors = i32x4.add(i32x4.add(ofX, ofY), i32x4.mul(v128.load(weights, 32), i32x4.splat(z)));
  const rounded = i32x4.shr_s(i32x4.add(colors, i32x4.splat(8192)), 14);
  const light = i32x4.max_s(i32x4.min_s(rounded, i32x4.splat(4095)), i32x4.splat(0));
  store<u8>(to, load<u8>(levels + usize(i32x4.extract_lane(light, 0))));
  store<u8>(to, load<u8>(levels + usize(i32x4.extract_lane(light, 1))), 1);
  store<u8>(to, load<u8>(levels + usize(i32x4.extract_lane(light, 2))), 2);
}

/** Nodes of the table of colours: 33 along each axis, of eight bytes. */
const ROW: usize = 33 * 8;
const PLANE: usize = 33 * 33 * 8;

/** @param nodes of every eighth level of red, of green and of blue (red beside red) its L*, u*, v* and nothing, 16 bits each; between, it is linear */
export function toLuv(from: usize, to: usize, nodes: usize, count: i32): void {
  const nothing = count >> 31;
  const mask = withoutFourths(nothing);
  const pairs = kept(i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15), nothing);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const a = between(from, nodes, pairs);
    const b = between(from + 3, nodes, pairs);
    const c = between(from + 6, nodes, pairs);
    const d = between(from + 9, nodes, pairs);
    v128.store(to, joined(a, b, c, d, mask));
  }
}

function between(at: usize, nodes: usize, pairs: v128): v128 {
  const r = i32(load<u8>(at));
  const g = i32(load<u8>(at, 1));
  const b = i32(load<u8>(at, 2));
  const node = nodes + (usize(r >> 3) << 3) + usize(g >> 3) * ROW + usize(b >> 3) * PLANE;
  // In 16ths, of two red neighbours.
  const right = (r & 7) << 1;
  const both = i32x4.splat((16 - right) | (right << 16));
  const below = (g & 7) << 1;
  const behind = (b & 7) << 1;
  const upper = i32x4.add(
    line(node, both, pairs, (16 - below) * (16 - behind)),
    line(node + ROW, both, pairs, below * (16 - behind)),
  );
  const lower = i32x4.add(
    line(node + PLANE, both, pairs, (16 - below) * behind),
    line(node + PLANE + ROW, both, pairs, below * behind),
  );
  // 4096ths, and 64ths of a level.
  return i32x4.shr_s(i32x4.shr_s(i32x4.add(i32x4.add(upper, lower), i32x4.splat(2048)), 12), 6);
}

function line(node: usize, both: v128, pairs: v128, share: i32): v128 {
  const two = i8x16.swizzle(v128.load(node), pairs);
  return i32x4.dot_i16x8_s(two, i16x8.mul(both, i16x8.splat(i16(share))));
}

/**
 * @param lights of each L* its Y and its root, 16 bits each
 * @param ofU of each L* and u*, 65,536 whole numbers of 32 bits
 * @param ofV of each L* and v*, as many
 * @param weights from X, Y and Z to each colour, four whole numbers
 * @param levels of each light, 4096 bytes
 */
export function fromLuv(
  from: usize,
  to: usize,
  lights: usize,
  ofU: usize,
  ofV: usize,
  weights: usize,
  levels: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++, from += 3, to += 3) {
    const light = usize(load<u8>(from));
    const y = i32(load<u16>(lights + (light << 2)));
    const u = i64(load<i32>(ofU + (((light << 8) + load<u8>(from, 1)) << 2)));
    const v = i64(load<i32>(ofV + (((light << 8) + load<u8>(from, 2)) << 2)));
    const product = u * v;
    // Cut off to 32 bits, as OpenCV's.
    const x = (y * i32(product >> 14)) >> 14;
    const rest = ((249600 * v * i64(light) - 85 * product) >> 14) - 20889600;
    const part = i32((i64(y) * rest) >> 14);
    const z = (part >> 8) + (part >> 16);
    put(to, clipped(x), y, clipped(z), weights, levels);
  }
}

function clipped(light: i32): i32 {
  return max<i32>(0, min<i32>(32768, light));
}
