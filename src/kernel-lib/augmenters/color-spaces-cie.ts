/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * CIE L*a*b* and L*u*v* of sRGB under D65, in OpenCV's 8-bit ranges and by its tables, which are made in single precision, so that the bytes
 * are OpenCV 4.2's.
 */
import { once, type Conversion } from "./color-conversion.js";
import { roundHalfEven } from "./enlarge.js";

const single = Math.fround;
const WHITE = [0.950456, 1, 1.088754] as const;
const TO_XYZ = [0.412453, 0.35758, 0.180423, 0.212671, 0.71516, 0.072169, 0.019334, 0.119193, 0.950227];
const FROM_XYZ = [3.240479, -1.53715, -0.498535, -0.969256, 1.875991, 0.041556, 0.055648, -0.204043, 1.057311];
/** One, in what the ways back count in. */
const ONE = 16384;

const descaled = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;

const linear = (share: number) => single(share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
const gamma = (share: number) => single(share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
/** The cube root, but for the darkest light a line. */
const root = (light: number) =>
  single(light < single(216 / 24389) ? light * single(841 / 108) + single(16 / 116) : Math.cbrt(light));

/** What each level of each colour gives to X, Y and Z in 4096ths of 2040ths, and the roots of such sums in 32768ths. */
const labTables = once(() => {
  const sums = new Int32Array(3 * 256 * 4);
  for (let level = 0; level < 256; level++) {
    const light = roundHalfEven(single(2040 * linear(single(level / 255))));
    TO_XYZ.forEach((weight, i) => {
      const share = roundHalfEven((weight * 4096) / WHITE[Math.floor(i / 3)]!);
      sums[(i % 3) * 1024 + level * 4 + Math.floor(i / 3)] = light * share;
    });
  }
  const roots = Uint16Array.from({ length: 3072 }, (_, i) =>
    roundHalfEven(single(32768 * root(single(i * single(1 / 2040))))),
  );
  // A half to within single precision, which OpenCV's own cube root leaves below it.
  roots[324]!--;
  return { sums, roots };
});

export const intoLab: Conversion = {
  pixel: (r, g, b, out) => {
    const { sums, roots } = labTables();
    const of = (i: number) =>
      roots[descaled(sums[r * 4 + i]! + sums[1024 + g * 4 + i]! + sums[2048 + b * 4 + i]!, 12)]!;
    const [x, y, z] = [of(0), of(1), of(2)];
    out[0] = descaled(296 * y - 1336934, 15);
    out[1] = descaled(500 * (x - y) + 128 * 32768, 15);
    out[2] = descaled(200 * (y - z) + 128 * 32768, 15);
  },
  tables: () => [labTables().sums, labTables().roots],
  loop: (loops, from, to, { count }, [sums, roots]) => loops.toLab(from, to, sums!, roots!, count),
};

/** Of each L* its Y and Y's root, side by side. */
const lightTable = once(() => {
  const result = new Uint16Array(512);
  for (let i = 0; i < 256; i++) {
    if (i <= 20) {
      result[2 * i] = roundHalfEven(single(single(i * ONE * 180) / single(17 * 29 ** 3)));
      result[2 * i + 1] = roundHalfEven(single(ONE * single(single(16 / 116) + single((i * 5) / (3 * 17 * 29)))));
      continue;
    }
    const f = single(single(single(i * 100 * ONE) / (255 * 116)) + single((16 * ONE) / 116));
    result[2 * i] = roundHalfEven(single(single(single(f * f) * f) / ONE ** 2));
    result[2 * i + 1] = roundHalfEven(f);
  }
  return result;
});

/** The level of each 4096th of light. */
const levelTable = once(() =>
  Uint8Array.from({ length: 4096 }, (_, i) => roundHalfEven(single(255 * gamma(i / 4096)))),
);

const LEAST_ROOT = -8145;
/** The light of each root from the least on. */
const cubeTable = once(() =>
  Int32Array.from({ length: (ONE * 9) / 4 }, (_, place) => {
    const i = place + LEAST_ROOT;
    if (i <= 3390) return Math.trunc((i * 108) / 841) - 290;
    return Math.trunc((Math.trunc((i * i) / ONE) * i) / ONE);
  }),
);

/** From X, Y and Z to the colours, in 4096ths: of each of the three what it gives to red, green and blue, and nothing. */
const weightsOf = (white: readonly number[]): Int32Array =>
  Int32Array.from({ length: 12 }, (_, i) => {
    const [axis, color] = [i >> 2, i & 3];
    return color === 3 ? 0 : roundHalfEven(4096 * FROM_XYZ[color * 3 + axis]! * white[axis]!);
  });
const LAB_WEIGHTS = weightsOf(WHITE);
const LUV_WEIGHTS = weightsOf([1, 1, 1]);

function putColors(x: number, y: number, z: number, weights: Int32Array, out: Float64Array): void {
  const levels = levelTable();
  for (let c = 0; c < 3; c++) {
    const light = descaled(weights[c]! * x + weights[4 + c]! * y + weights[8 + c]! * z, 14);
    out[c] = levels[Math.min(Math.max(light, 0), 4095)]!;
  }
}

export const outOfLab: Conversion = {
  pixel: (light, a, b, out) => {
    const [lights, cubes] = [lightTable(), cubeTable()];
    const f = lights[2 * light + 1]!;
    const ofA = ((a * 268435 + 128) >> 13) - 4194;
    const ofB = ((b * 41943 + 16) >> 9) - 10484;
    putColors(cubes[f + ofA - LEAST_ROOT]!, lights[2 * light]!, cubes[f - ofB - LEAST_ROOT]!, LAB_WEIGHTS, out);
  },
  tables: () => [lightTable(), cubeTable(), LAB_WEIGHTS, levelTable()],
  loop: (loops, from, to, { count }, [lights, cubes, weights, levels]) =>
    loops.fromLab(from, to, lights!, cubes!, weights!, levels!, count),
};

const whiteSum = single(1 / single(WHITE[0] + 15 * WHITE[1] + 3 * WHITE[2]));
/** 13 times u' and v' of the white. */
const U_WHITE = single(single(whiteSum * 52) * single(WHITE[0]));
const V_WHITE = single(single(whiteSum * 117) * WHITE[1]);
/** Nodes along an axis of colours: every eighth level, and one beyond the last. */
const NODES = 33;

const LUV_XYZ = TO_XYZ.map(single);

/** X, Y or Z (from weight 0, 3 or 6 on) of a colour's light. */
const weighed = (i: number, red: number, green: number, blue: number) =>
  single(single(single(blue * LUV_XYZ[i + 2]!) + single(green * LUV_XYZ[i + 1]!)) + single(red * LUV_XYZ[i]!));

const inRange = (value: number, range: number) => roundHalfEven(single(single(ONE * value) / range));

/** L*, u*, v* and nothing at each node, red beside red, in 16384ths of their ranges. */
const luvNodes = once(() => {
  const lights = Float64Array.from({ length: NODES }, (_, i) => linear(i / (NODES - 1)));
  const result = new Int16Array(NODES ** 3 * 4);
  let to = 0;
  for (const blue of lights) {
    for (const green of lights) {
      for (const red of lights) {
        putLuvNode(red, green, blue, result, to);
        to += 4;
      }
    }
  }
  return result;
});

function putLuvNode(red: number, green: number, blue: number, result: Int16Array, to: number): void {
  const x = weighed(0, red, green, blue);
  const y = weighed(3, red, green, blue);
  const z = weighed(6, red, green, blue);
  const light = single(single(root(y) * 116) - 16);
  const d = single(52 / Math.max(single(single(x + single(15 * y)) + single(3 * z)), 2 ** -23));
  const u = single(light * single(single(x * d) - U_WHITE));
  const v = single(light * single(single(single(2.25 * y) * d) - V_WHITE));
  result[to] = inRange(light, 100);
  result[to + 1] = inRange(single(u + 134), 354);
  result[to + 2] = inRange(single(v + 140), 262);
}

export const intoLuv: Conversion = {
  pixel: (r, g, b, out) => {
    const nodes = luvNodes();
    const first = (r >> 3) + (g >> 3) * NODES + (b >> 3) * NODES ** 2;
    // In 16ths of the way to the next node.
    const [right, below, behind] = [(r & 7) * 2, (g & 7) * 2, (b & 7) * 2];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let corner = 0; corner < 8; corner++) {
        const [i, j, k] = [corner & 1, (corner >> 1) & 1, corner >> 2];
        const share = (i ? right : 16 - right) * (j ? below : 16 - below) * (k ? behind : 16 - behind);
        sum += nodes[(first + i + j * NODES + k * NODES ** 2) * 4 + c]! * share;
      }
      out[c] = descaled(sum, 12) >> 6;
    }
  },
  tables: () => [luvNodes()],
  loop: (loops, from, to, { count }, [nodes]) => loops.toLuv(from, to, nodes!, count),
};

/** For each L* and u* nine times (u + L u'), in 16ths; for each L* and v* a quarter of 1 / (v + L v'), at most a quarter, in 2^-24ths. */
const luvTables = once(() => {
  const [ofU, ofV] = [new Int32Array(65536), new Int32Array(65536)];
  for (let i = 0; i < 65536; i++) {
    const light = single(((i >> 8) * 100) / 255);
    const level = i & 255;
    const u = single(single((level * 354) / 255) - 134);
    ofU[i] = roundHalfEven(single(single(9 * single(u + single(light * U_WHITE))) * 16));
    const v = single(single((level * 262) / 255) - 140);
    const share = single(0.25 / single(v + single(light * V_WHITE)));
    ofV[i] = roundHalfEven(Math.min(Math.max(share, -0.25), 0.25) * 2 ** 24);
  }
  return { ofU, ofV };
});

export const outOfLuv: Conversion = {
  pixel: (light, u, v, out) => {
    const { ofU, ofV } = luvTables();
    const y = lightTable()[2 * light]!;
    const share = ofV[light * 256 + v]!;
    const product = ofU[light * 256 + u]! * share;
    // Cut off to 32 bits, as OpenCV's.
    const x = Math.imul(y, Math.floor(product / ONE)) >> 14;
    const rest = Math.floor((249600 * share * light - 85 * product) / ONE) - 20889600;
    const part = Math.floor((y * rest) / ONE) | 0;
    const clipped = (value: number) => Math.min(Math.max(value, 0), 2 * ONE);
    putColors(clipped(x), y, clipped((part >> 8) + (part >> 16)), LUV_WEIGHTS, out);
  },
  tables: () => [lightTable(), luvTables().ofU, luvTables().ofV, LUV_WEIGHTS, levelTable()],
  loop: (loops, from, to, { count }, [lights, ofU, ofV, weights, levels]) =>
    loops.fromLuv(from, to, lights!, ofU!, ofV!, weights!, levels!, count),
};
