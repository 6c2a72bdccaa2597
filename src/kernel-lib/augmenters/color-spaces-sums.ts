/** Colour spaces that are weighted sums of red, green and blue, in OpenCV's fixed point: BGR, grey, CIE XYZ, YCrCb and YUV. */
import type { Conversion, PixelConversion } from "./color-conversion.js";

const descaled = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;

export const reversing: Conversion = {
  pixel: (a, b, c, out) => {
    out[0] = c;
    out[1] = b;
    out[2] = a;
  },
  loop: (loops, from, to, { count }) => loops.reversed(from, to, count),
};

/** With a bit more than as a part of YCrCb and YUV. */
export const greyLevel = (r: number, g: number, b: number): number => descaled(r * 9798 + g * 19235 + b * 3735, 15);

export const intoGrey: Conversion = {
  pixel: (r, g, b, out) => out.fill(greyLevel(r, g, b)),
  loop: (loops, from, to, { count }) => loops.toGrey(from, to, count),
};

/** By a matrix of nine weights in 4096ths. */
function mixing(weights: Int32Array): Conversion {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = weights;
  const pixel: PixelConversion = (x, y, z, out) => {
    out[0] = descaled(x * a + y * b + z * c, 12);
    out[1] = descaled(x * d + y * e + z * f, 12);
    out[2] = descaled(x * g + y * h + z * i, 12);
  };
  return {
    pixel,
    tables: () => [weights],
    loop: (loops, from, to, { count }, [at = 0]) => loops.mixed(from, to, at, count),
  };
}

export const intoCie = mixing(Int32Array.of(1689, 1465, 739, 871, 2929, 296, 79, 488, 3892));
export const outOfCie = mixing(Int32Array.of(13273, -6296, -2042, -3970, 7684, 170, 228, -836, 4331));

const luma = (r: number, g: number, b: number) => descaled(r * 4899 + g * 9617 + b * 1868, 14);

/** Brightness, and how far red and blue are from it. */
function differences(ofRed: number, ofBlue: number, isBlueFirst: boolean): Conversion {
  const [atRed, atBlue] = isBlueFirst ? [2, 1] : [1, 2];
  return {
    pixel: (r, g, b, out) => {
      const y = luma(r, g, b);
      out[0] = y;
      out[atRed] = descaled((r - y) * ofRed, 14) + 128;
      out[atBlue] = descaled((b - y) * ofBlue, 14) + 128;
    },
    loop: (loops, from, to, { count }) => loops.toDifferences(from, to, ofRed, ofBlue, Number(isBlueFirst), count),
  };
}

/** The way back; green takes weights of both differences. */
function undifferences(
  toRed: number,
  redToGreen: number,
  blueToGreen: number,
  toBlue: number,
  isBlueFirst: boolean,
): Conversion {
  return {
    pixel: (y, first, second, out) => {
      const [red, blue] = isBlueFirst ? [second - 128, first - 128] : [first - 128, second - 128];
      out[0] = y + descaled(red * toRed, 14);
      out[1] = y + descaled(red * redToGreen + blue * blueToGreen, 14);
      out[2] = y + descaled(blue * toBlue, 14);
    },
    loop: (loops, from, to, { count }) =>
      loops.fromDifferences(from, to, toRed, redToGreen, blueToGreen, toBlue, Number(isBlueFirst), count),
  };
}

export const intoYcrcb = differences(11682, 9241, false);
export const intoYuv = differences(14369, 8061, true);
export const outOfYcrcb = undifferences(22987, -11698, -5636, 29049, false);
export const outOfYuv = undifferences(18678, -9519, -6472, 33292, true);
