/** The two 16-bit floats of weights files, widened to 32 bits exactly and narrowed to the nearest, ties to even. */

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits; subnormals are multiples of 2⁻²⁴. */
export function widenFloat16(half: Uint16Array): Float32Array {
  const table = float16Table();
  return Float32Array.from(half, (value) => table[value] ?? 0);
}

/** bfloat16 is the upper half of a 32-bit float. */
export function widenBfloat16(half: Uint16Array): Float32Array {
  const wide = Uint32Array.from(half, (value) => value << 16);
  return new Float32Array(wide.buffer);
}

let table: Float32Array | undefined;

/** All 65,536 values: a lookup is as exact as the arithmetic, and several times faster. */
function float16Table(): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => float16Value(half));
  return table;
}

function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1023;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

export function narrowToFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, toFloat16);
}

function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Half way between the largest number, 65504, and the next there would be.
  if (size >= 65520) return sign | 0x7c00;
  // The spacing of float16 numbers around `size`; below 2⁻¹⁴ they are subnormal and equally spaced.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = roundHalfEven(size / 2 ** (exponent - 10));
  if (size === 0 || steps === 0) return sign;
  // A carry out of the mantissa raises the exponent by itself.
  const code = exponent === -14 ? steps : (exponent + 15) * 1024 + steps - 1024;
  return sign | code;
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

export function narrowToBfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (Number.isNaN(value)) return 0x7fc0;
    float[0] = value;
    const whole = bits[0] ?? 0;
    return (whole + 0x7fff + ((whole >>> 16) & 1)) >>> 16;
  });
}
