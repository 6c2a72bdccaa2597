/* eslint-disable @typescript-eslint/no-non-null-assertion -- small fixed-size arrays: every index lies within */
/** imgaug's `PerspectiveTransform`. */
import { booleanOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, chance, madeAugmenter } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { OPENCV_BORDERS, openCvParameter, type OpenCvParameter } from "./opencv-names.js";
import { levelParameter, numberParameter, type LevelParameter, type NumberParameter } from "./parameters.js";
import { resized } from "./resize.js";
import type { SampleOptions } from "./sample-picture.js";
import { movedSubject, type Subject } from "./subject.js";
import { resampledMap, resizedMap, type ValueMap } from "./value-map.js";
import { inversePerspective, projected, warpPerspective, type PerspectiveMap } from "./warp-affine.js";
import { sizeWithin } from "./size-limit.js";

export interface PerspectiveTransformOptions extends AugmenterOptions {
  /** How far corners move, the deviation of a normal distribution, as a share of width and height; [0, 0.06] by default. */
  scale?: NumberParameter;
  /** The value of new pixels in mode "constant", drawn for each channel; 0 by default. */
  cval?: LevelParameter;
  /** What fills new pixels: "constant" (0), or "replicate" (1), which goes on with the edge's; "constant" by default. */
  mode?: OpenCvParameter<keyof typeof MODES | 0 | 1>;
  /** Bring the part that is seen to the picture's size; true by default. */
  keepSize?: boolean;
  /** Show all of the picture, also what lies outside the four corners; false by default. */
  fitOutput?: boolean;
}

const MODES = { constant: OPENCV_BORDERS.constant, replicate: OPENCV_BORDERS.replicate };
const NAMES = ["scale", "cval", "mode", "keepSize", "fitOutput"];

/** Looks at a part between four random corners as if from the front. */
export function PerspectiveTransform(given: NumberParameter | PerspectiveTransformOptions = {}): Augmenter {
  const options = firstOption<PerspectiveTransformOptions>("PerspectiveTransform", "scale", given, NAMES);
  const scale = numberParameter("scale", options.scale ?? [0, 0.06], { min: 0, max: 1000 });
  const cval = levelParameter("cval", options.cval ?? 0);
  const mode = openCvParameter<"constant" | "edge">("mode", options.mode ?? "constant", MODES);
  const keepSize = booleanOption("keepSize", options.keepSize ?? true);
  const fitOutput = booleanOption("fitOutput", options.fitOutput ?? false);
  return madeAugmenter("PerspectiveTransform", options, (subject, known) => {
    const random = known ?? chance();
    const jitter = drawnJitter(scale.sample(random), random);
    const border = mode(random);
    const values = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    return throughCorners(subject, jitter, { order: 1, mode: border, cval: values }, { keepSize, fitOutput });
  });
}

/** How far each corner moves, in shares of width and height; only the size counts. */
export type Jitter = readonly Point[];

const drawnJitter = (deviation: number, random: SeededRandom): Jitter =>
  [0, 1, 2, 3].map((): Point => [random.normal(0, deviation), random.normal(0, deviation)]);

/** Each map is looked at in its own pixels, as imgaug does it: sizes are rounded for each by itself. */
export function throughCorners(
  subject: Subject,
  jitter: Jitter,
  options: SampleOptions,
  { keepSize, fitOutput }: { keepSize: boolean; fitOutput: boolean },
): Subject {
  const { image } = subject;
  const view = viewOf(image, jitter, fitOutput);
  const warped = warpPerspective(image, view.map, options, view);
  const size = keepSize ? image : view;
  const [scaleX, scaleY] = [size.width / view.width, size.height / view.height];
  const move = (x: number, y: number): Point => {
    const [px, py] = projected(view.map, x, y);
    return [px * scaleX, py * scaleY];
  };
  const moveMap = <M extends ValueMap>(map: M): M => {
    const result = seenMap(map, viewOf(map, jitter, fitOutput));
    return keepSize ? resizedMap(result, map.width, map.height) : result;
  };
  return movedSubject(subject, keepSize ? resized(warped, image.width, image.height) : warped, move, moveMap);
}

/** Linear between the values of heatmaps; positions as OpenCV rounds them. */
function seenMap<M extends ValueMap>(map: M, { map: forward, width, height }: View): M {
  const back = inversePerspective(forward);
  const unit = map.data instanceof Int32Array ? 1 : 32;
  const source = (x: number, y: number): Point => {
    const [sx, sy] = projected(back, x, y);
    return [roundHalfEven(sx * unit) / unit, roundHalfEven(sy * unit) / unit];
  };
  return resampledMap(map, width, height, source, "constant", 1);
}

interface Size {
  width: number;
  height: number;
}
interface View extends Size {
  map: PerspectiveMap;
}
type Point = [x: number, y: number];
type Corners = [topLeft: Point, topRight: Point, bottomRight: Point, bottomLeft: Point];

function viewOf(size: Size, jitter: Jitter, fitOutput: boolean): View {
  const corners = movedCorners(size, jitter);
  const width = spread(corners, 0, [
    [0, 1],
    [3, 2],
  ]);
  const height = spread(corners, 1, [
    [1, 2],
    [0, 3],
  ]);
  const map = perspectiveBetween(corners, rectangle({ width, height }));
  return fitOutput ? fitted(map, size) : { map, width, height };
}

const rectangle = ({ width, height }: Size): Corners => [
  [0, 0],
  [width, 0],
  [width, height],
  [0, height],
];

/** In 32-bit floats, as imgaug has them. */
function movedCorners({ width, height }: Size, jitter: Jitter): Corners {
  const { fround } = Math;
  const points = jitter.map((far, i): Point => {
    const [x = 0, y = 0] = far.map((share) => fround(Math.abs(fround(share)) % 1));
    return [fround((i === 1 || i === 2 ? fround(1 - x) : x) * width), fround((i >= 2 ? fround(1 - y) : y) * height)];
  });
  // Far-moved corners may have passed each other.
  const by = (value: (point: Point) => number) =>
    points.reduce((best, point) => (value(point) < value(best) ? point : best));
  const corner = (sx: number, sy: number): Point => [...by(([x, y]) => sx * x + sy * y)];
  return [corner(1, 1), corner(-1, 1), corner(-1, -1), corner(1, -1)];
}

/** The longer of two opposite sides, in whole pixels; sides of less than two pixels are drawn apart. */
function spread(corners: Corners, axis: 0 | 1, sides: readonly (readonly [number, number])[]): number {
  for (;;) {
    const lengths = sides.map(([a, b]) => Math.hypot(corners[a]![0] - corners[b]![0], corners[a]![1] - corners[b]![1]));
    const shortest = Math.trunc(Math.min(...lengths));
    if (shortest >= 2) return Math.trunc(Math.max(...lengths));
    for (const [a, b] of sides) {
      corners[a]![axis] -= (2 - shortest) / 2;
      corners[b]![axis] += (2 - shortest) / 2;
    }
  }
}

function fitted(map: PerspectiveMap, size: Size): View {
  const places = rectangle(size).map(([x, y]) => projected(map, x, y));
  const [left, top] = [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))];
  const corners = places.map(([x, y]): Point => [roundHalfEven(x - left), roundHalfEven(y - top)]) as Corners;
  const [width, height] = [Math.max(...corners.map(([x]) => x)), Math.max(...corners.map(([, y]) => y))];
  sizeWithin("a picture with fitOutput", { width, height }, size);
  return { map: perspectiveBetween(rectangle(size), corners), width: Math.max(width, 1), height: Math.max(height, 1) };
}

/** The map that takes four points to four others: eight equations, by Gauss's elimination. */
export function perspectiveBetween(from: Corners, to: Corners): PerspectiveMap {
  const rows = from.flatMap(([x, y], i) => {
    const [u, v] = to[i]!;
    return [
      [x, y, 1, 0, 0, 0, -x * u, -y * u, u],
      [0, 0, 0, x, y, 1, -x * v, -y * v, v],
    ];
  });
  for (let column = 0; column < 8; column++) {
    const rest = rows.slice(column);
    const pivot = rest.reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    const place = rows.indexOf(pivot);
    [rows[column], rows[place]] = [rows[place]!, rows[column]!];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let i = column; i < 9; i++) row[i]! -= factor * pivot[i]!;
    }
  }
  const solution = rows.map((row, i) => row[8]! / row[i]!);
  return [...solution, 1] as unknown as PerspectiveMap;
}
