/** Colour spaces that are weighted sums of red, green and blue, in whole numbers. Twin: color-spaces. */
import { interleaved, kept, taking, threes } from "./pixels";

/** The first channel last. */
export function reversed(from: usize, to: usize, count: i32): void {
  const mask = i8x16(2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, -1, -1, -1, -1);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) v128.store(to, i8x16.swizzle(v128.load(from), mask));
}

/** The same brightness in all three. */
export function toGrey(from: usize, to: usize, count: i32): void {
  const nothing = count >> 31;
  const pairs = i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1);
  const third = taking(nothing + 2);
  const mask = i8x16(0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, -1, -1, -1, -1);
  const redGreen = kept(i32x4.splat(9798 | (19235 << 16)), nothing);
  const blue = kept(i32x4.splat(3735), nothing);
  const half = kept(i32x4.splat(16384), nothing);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const pixels = v128.load(from);
    const both = i32x4.dot_i16x8_s(i8x16.swizzle(pixels, pairs), redGreen);
    const one = i32x4.dot_i16x8_s(i8x16.swizzle(pixels, third), blue);
    v128.store(to, i8x16.swizzle(i32x4.shr_s(i32x4.add(i32x4.add(both, one), half), 15), mask));
  }
}

/** By a matrix of nine weights in 4096ths. */
export function mixed(from: usize, to: usize, weights: usize, count: i32): void {
  const nothing = count >> 31;
  const first = taking(nothing);
  const second = taking(nothing + 1);
  const third = taking(nothing + 2);
  const mask = threes(nothing);
  const half = kept(i32x4.splat(2048), nothing);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const pixels = v128.load(from);
    const a = i8x16.swizzle(pixels, first);
    const b = i8x16.swizzle(pixels, second);
    const c = i8x16.swizzle(pixels, third);
    const x = sum(weights, a, b, c, half);
    const y = sum(weights + 12, a, b, c, half);
    const z = sum(weights + 24, a, b, c, half);
    v128.store(to, interleaved(x, y, z, mask));
  }
}

function sum(weights: usize, a: v128, b: v128, c: v128, half: v128): v128 {
  const first = i32x4.mul(a, v128.load32_splat(weights));
  const second = i32x4.mul(b, v128.load32_splat(weights, 4));
  const third = i32x4.mul(c, v128.load32_splat(weights, 8));
  return i32x4.shr_s(i32x4.add(i32x4.add(first, second), i32x4.add(third, half)), 12);
}

/** Brightness, and how far red and blue are from it, by a weight each: in the order red, blue (YCrCb), or the other way round (YUV). */
export function toDifferences(from: usize, to: usize, ofRed: i32, ofBlue: i32, isBlueFirst: i32, count: i32): void {
  const nothing = count >> 31;
  const first = taking(nothing);
  const second = taking(nothing + 1);
  const third = taking(nothing + 2);
  const mask = isBlueFirst
    ? kept(i8x16(0, 8, 4, 1, 9, 5, 2, 10, 6, 3, 11, 7, -1, -1, -1, -1), nothing)
    : threes(nothing);
  const half = kept(i32x4.splat(8192), nothing);
  // 128 in 16384ths, and a half.
  const middle = kept(i32x4.splat((128 << 14) + 8192), nothing);
  const redInY = kept(i32x4.splat(4899), nothing);
  const greenInY = kept(i32x4.splat(9617), nothing);
  const blueInY = kept(i32x4.splat(1868), nothing);
  const redWeight = i32x4.splat(ofRed);
  const blueWeight = i32x4.splat(ofBlue);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const pixels = v128.load(from);
    const r = i8x16.swizzle(pixels, first);
    const g = i8x16.swizzle(pixels, second);
    const b = i8x16.swizzle(pixels, third);
    const both = i32x4.add(i32x4.mul(r, redInY), i32x4.mul(g, greenInY));
    const y = i32x4.shr_s(i32x4.add(i32x4.add(both, half), i32x4.mul(b, blueInY)), 14);
    const red = i32x4.shr_s(i32x4.add(i32x4.mul(i32x4.sub(r, y), redWeight), middle), 14);
    const blue = i32x4.shr_s(i32x4.add(i32x4.mul(i32x4.sub(b, y), blueWeight), middle), 14);
    v128.store(to, interleaved(y, red, blue, mask));
  }
}

/** The way back; green takes weights of both differences. */
export function fromDifferences(
  from: usize,
  to: usize,
  toRed: i32,
  redToGreen: i32,
  blueToGreen: i32,
  toBlue: i32,
  isBlueFirst: i32,
  count: i32,
): void {
  const nothing = count >> 31;
  const first = taking(nothing);
  const second = taking(isBlueFirst ? 2 : 1);
  const third = taking(isBlueFirst ? 1 : 2);
  const mask = threes(nothing);
  const half = kept(i32x4.splat(8192), nothing);
  const middle = kept(i32x4.splat(128), nothing);
  const redInRed = i32x4.splat(toRed);
  const redInGreen = i32x4.splat(redToGreen);
  const blueInGreen = i32x4.splat(blueToGreen);
  const blueInBlue = i32x4.splat(toBlue);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const pixels = v128.load(from);
    const y = i8x16.swizzle(pixels, first);
    const red = i32x4.sub(i8x16.swizzle(pixels, second), middle);
    const blue = i32x4.sub(i8x16.swizzle(pixels, third), middle);
    const greens = i32x4.add(i32x4.mul(red, redInGreen), i32x4.mul(blue, blueInGreen));
    const r = i32x4.shr_s(i32x4.add(i32x4.mul(red, redInRed), half), 14);
    const g = i32x4.shr_s(i32x4.add(greens, half), 14);
    const b = i32x4.shr_s(i32x4.add(i32x4.mul(blue, blueInBlue), half), 14);
    v128.store(to, interleaved(i32x4.add(y, r), i32x4.add(y, g), i32x4.add(y, b), mask));
  }
}
