/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/** CIE L*a*b* and L*u*v* of sRGB under D65, in OpenCV's 8-bit ranges. */
import { roundHalfEven } from "./enlarge.js";

const X_WHITE = 0.950456;
const Z_WHITE = 1.088754;
/** u' and v' of the white. */
const U_WHITE = (4 * X_WHITE) / (X_WHITE + 15 + 3 * Z_WHITE);
const V_WHITE = 9 / (X_WHITE + 15 + 3 * Z_WHITE);

const linear = (share: number) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
const gamma = (share: number) => (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
const LINEAR = Float64Array.from({ length: 256 }, (_, i) => linear(i / 255));

/** Levels of light in 2040ths, and the cube roots of such sums in 2^-15ths: OpenCV's tables for L*a*b*. */
const LIGHT = Int32Array.from(LINEAR, (share) => roundHalfEven(share * 2040));
const ROOT = Int32Array.from({ length: 3072 }, (_, i) => {
  const x = i / 2040;
  return roundHalfEven(32768 * (x < 0.008856 ? x * 7.787 + 16 / 116 : Math.cbrt(x)));
});
const TO_XYZ = [0.412453, 0.35758, 0.180423, 0.212671, 0.71516, 0.072169, 0.019334, 0.119193, 0.950227].map(
  (weight, i) => roundHalfEven((weight * 4096) / ([X_WHITE, 1, Z_WHITE][Math.floor(i / 3)] ?? 1)),
);

const descaled = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;

const root = (red: number, green: number, blue: number, i: number) =>
  ROOT[descaled(red * TO_XYZ[i]! + green * TO_XYZ[i + 1]! + blue * TO_XYZ[i + 2]!, 12)]!;

export function toLab(r: number, g: number, b: number, out: Float64Array): void {
  const x = root(LIGHT[r]!, LIGHT[g]!, LIGHT[b]!, 0);
  const y = root(LIGHT[r]!, LIGHT[g]!, LIGHT[b]!, 3);
  const z = root(LIGHT[r]!, LIGHT[g]!, LIGHT[b]!, 6);
  out[0] = descaled(296 * y - 1336934, 15);
  out[1] = descaled(500 * (x - y) + 128 * 32768, 15);
  out[2] = descaled(200 * (y - z) + 128 * 32768, 15);
}

const Y_OF = Float64Array.from({ length: 256 }, (_, light) => {
  const l = (light * 100) / 255;
  return l <= 8 ? l / 903.3 : ((l + 16) / 116) ** 3;
});
const FY_OF = Float64Array.from({ length: 256 }, (_, light) => {
  const l = (light * 100) / 255;
  return l <= 8 ? 7.787 * Y_OF[light]! + 16 / 116 : (l + 16) / 116;
});
const light3 = (f: number) => (f <= 7.787 * 0.008856 + 16 / 116 ? (f - 16 / 116) / 7.787 : f * f * f);

export function fromLab(light: number, a: number, b: number, out: Float64Array): void {
  const y = Y_OF[light]!;
  const fy = FY_OF[light]!;
  fromXyz(light3(fy + (a - 128) / 500) * X_WHITE, y, light3(fy - (b - 128) / 200) * Z_WHITE, out);
}

export function toLuv(r: number, g: number, b: number, out: Float64Array): void {
  const [red, green, blue] = [LINEAR[r]!, LINEAR[g]!, LINEAR[b]!];
  const x = 0.412453 * red + 0.35758 * green + 0.180423 * blue;
  const y = 0.212671 * red + 0.71516 * green + 0.072169 * blue;
  const z = 0.019334 * red + 0.119193 * green + 0.950227 * blue;
  const l = y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
  const sum = x + 15 * y + 3 * z;
  const u = sum === 0 ? 0 : 13 * l * ((4 * x) / sum - U_WHITE);
  const v = sum === 0 ? 0 : 13 * l * ((9 * y) / sum - V_WHITE);
  out[0] = roundHalfEven(l * 2.55);
  out[1] = roundHalfEven(((u + 134) * 255) / 354);
  out[2] = roundHalfEven(((v + 140) * 255) / 262);
}

export function fromLuv(light: number, a: number, b: number, out: Float64Array): void {
  const l = (light * 100) / 255;
  if (l === 0) {
    out.fill(0);
    return;
  }
  const y = Y_OF[light]!;
  const u = ((a * 354) / 255 - 134) / (13 * l) + U_WHITE;
  const v = Math.max(((b * 262) / 255 - 140) / (13 * l) + V_WHITE, 1e-6);
  const x = (2.25 * u * y) / v;
  fromXyz(x, y, ((12 - 3 * u - 20 * v) * y) / (4 * v), out);
}

/** The least share of each level and of one more, and the level of each 65536th: powers are slow. */
const exactLevel = (share: number) => roundHalfEven(255 * gamma(share));
const LEVEL_OF = Uint8Array.from({ length: 65537 }, (_, i) => exactLevel(i / 65536));
const LEAST = Float64Array.from({ length: 257 }, (_, level) => {
  if (level === 0) return 0;
  let [low, high] = [0, 1];
  if (level > 255) return 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (exactLevel(middle) >= level) high = middle;
    else low = middle;
  }
  return high;
});

function level(share: number): number {
  if (!(share > 0)) return 0;
  if (share >= 1) return 255;
  const found = LEVEL_OF[Math.floor(share * 65536)]!;
  return share >= LEAST[found + 1]! ? found + 1 : found;
}

function fromXyz(x: number, y: number, z: number, out: Float64Array): void {
  out[0] = level(3.240479 * x - 1.53715 * y - 0.498535 * z);
  out[1] = level(-0.969256 * x + 1.875991 * y + 0.041556 * z);
  out[2] = level(0.055648 * x - 0.204043 * y + 1.057311 * z);
}
