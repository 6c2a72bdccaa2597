/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over a grid: every index lies within it */
/** imgaug's `PiecewiseAffine`: the points of a grid move, and with them the triangles between. */
import { booleanOption } from "../structures/options.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, chance, madeAugmenter } from "./augmenter.js";
import type { BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { orderParameter, type OrderParameter } from "./geometric.js";
import {
  levelParameter,
  numberParameter,
  textParameter,
  type LevelParameter,
  type NumberParameter,
  type TextParameter,
} from "./parameters.js";
import { sampledValues, type ExactField } from "./spline-sample.js";
import { movedSubject, type Move, type Subject } from "./subject.js";
import type { ValueMap } from "./value-map.js";

export interface PiecewiseAffineOptions extends AugmenterOptions {
  /** How far points move, the deviation of a normal distribution, as a share of height and width; [0, 0.04] by default. */
  scale?: NumberParameter;
  /** How many points down, 2 to 1000; [2, 4] by default. */
  nbRows?: NumberParameter;
  /** How many points across, 2 to 1000; [2, 4] by default. */
  nbCols?: NumberParameter;
  /** 0: the nearest pixel, 1 (the default): linear, 3: cubic. */
  order?: OrderParameter;
  /** As imgaug has it, though there are no new pixels to fill: points stay inside. */
  cval?: LevelParameter;
  /** As `cval`. */
  mode?: TextParameter<BorderMode>;
  /** Take `scale` for pixels; false by default. */
  absoluteScale?: boolean;
}

const NAMES = ["scale", "nbRows", "nbCols", "order", "cval", "mode", "absoluteScale"];

/** Distorts pictures part by part. */
export function PiecewiseAffine(given: NumberParameter | PiecewiseAffineOptions = {}): Augmenter {
  const options = firstOption<PiecewiseAffineOptions>("PiecewiseAffine", "scale", given, NAMES);
  const scale = numberParameter("scale", options.scale ?? [0, 0.04], { min: 0 });
  const rows = numberParameter("nbRows", options.nbRows ?? [2, 4], { min: 2, max: 1000, integer: true });
  const columns = numberParameter("nbCols", options.nbCols ?? [2, 4], { min: 2, max: 1000, integer: true });
  const order = orderParameter(options.order ?? 1);
  levelParameter("cval", options.cval ?? 0);
  textParameter("mode", options.mode ?? "constant", ["constant", "edge", "symmetric", "reflect", "wrap"]);
  const isAbsolute = booleanOption("absoluteScale", options.absoluteScale ?? false);
  return madeAugmenter("PiecewiseAffine", options, (subject, known) => {
    const random = known ?? chance();
    const { image } = subject;
    const deviation = scale.sample(random);
    const [down, across] = [rows.sample(random), columns.sample(random)];
    const unit = isAbsolute ? image : { width: 1, height: 1 };
    const jitter = Array.from({ length: down * across }, (): Point => {
      const y = random.normal(0, deviation) / unit.height;
      return [random.normal(0, deviation) / unit.width, y];
    });
    return deviation === 0 ? subject : byMesh(subject, { rows: down, columns: across, jitter }, order(random));
  });
}

type Point = readonly [x: number, y: number];

/** The points of a grid over the picture, row by row, and how far each moves, in shares of width and height. */
export interface Grid {
  rows: number;
  columns: number;
  jitter: readonly Point[];
  /** Whether a cell's two triangles meet from its upper left to its lower right corner, cell by cell. */
  falls?: readonly boolean[];
}

/** Each map gets a grid over its own pixels, as imgaug has it. Nothing comes from outside, so that nothing fills the edges. */
export function byMesh(subject: Subject, grid: Grid, order: 0 | 1 | 3): Subject {
  const { image } = subject;
  if (isThin(image)) return subject;
  const mesh = meshOver(image, grid);
  const values = sampledValues(image, fieldOf(image, mesh), order);
  const within = order === 3 ? bounded(values, image.data) : values;
  const data = new Uint8Array(within.length);
  for (let i = 0; i < data.length; i++) data[i] = roundHalfEven(within[i]!);
  return movedSubject(subject, { ...image, data }, moverOf(image, mesh), (map) => mapByMesh(map, grid));
}

/** Heatmaps by a cubic spline, within the values that they have. */
function mapByMesh<M extends ValueMap>(map: M, grid: Grid): M {
  if (isThin(map)) return map;
  const field = fieldOf(map, meshOver(map, grid));
  if (map.data instanceof Int32Array) return { ...map, data: Int32Array.from(sampledValues(map, field, 0)) };
  return { ...map, data: Float32Array.from(bounded(sampledValues(map, field, 3), map.data)) };
}

/** A spline goes beyond the values that it comes from. */
function bounded(values: Float64Array, old: Uint8Array | Float32Array): Float64Array {
  let [least, most] = [Infinity, -Infinity];
  for (const value of old) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return values.map((value) => Math.min(Math.max(value, least), most));
}

/** imgaug moves nothing in pictures of a single row or column. */
const isThin = ({ width, height }: Size) => width < 2 || height < 2;

interface Size {
  width: number;
  height: number;
}

/** A grid of points over the picture, and where they go. */
interface Mesh {
  rows: number;
  columns: number;
  from: readonly Point[];
  to: readonly Point[];
  falls: readonly boolean[];
}

function meshOver({ width, height }: Size, grid: Grid): Mesh {
  const { rows, columns, jitter } = grid;
  const from = Array.from({ length: rows * columns }, (_, i): Point => [
    ((i % columns) * width) / (columns - 1),
    (Math.floor(i / columns) * height) / (rows - 1),
  ]);
  const to = from.map(([x, y], i): Point => {
    const [farX, farY] = jitter[i]!;
    return [within(x + farX * width, width), within(y + farY * height, height)];
  });
  return { rows, columns, from, to, falls: grid.falls ?? cells(grid).map((_, cell) => falls(grid, cell)) };
}

const cells = ({ rows, columns }: Grid): readonly null[] =>
  Array.from({ length: (rows - 1) * (columns - 1) }, () => null);

/** imgaug leaves it to rounding how the four corners of a cell, which lie on one circle, are joined: mostly in turns. */
const falls = ({ rows, columns }: Grid, cell: number): boolean =>
  (rows === 2 && columns === 2) || (Math.floor(cell / (columns - 1)) + (cell % (columns - 1))) % 2 === 1;

type Triangle = readonly [number, number, number];

/** The two triangles of each cell, the one at its right last, as places of their corners in the mesh. */
function triangles({ columns, falls: isFalling }: Mesh): Triangle[] {
  return isFalling.flatMap((isOne, cell): Triangle[] => {
    const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
    const [right, below, opposite] = [corner + 1, corner + columns, corner + columns + 1];
    return isOne
      ? [
          [corner, below, opposite],
          [corner, right, opposite],
        ]
      : [
          [corner, right, below],
          [opposite, below, right],
        ];
  });
}

/** A new pixel comes from where its place in the unmoved grid went: imgaug's direction. */
function fieldOf({ width, height }: Size, mesh: Mesh): ExactField {
  const { rows, columns, from, to } = mesh;
  const maps = triangles(mesh).map((corners) => {
    const [start, end] = [corners.map((i) => from[i]!), corners.map((i) => to[i]!)];
    const [[x0, y0], [x1, y1], [x2, y2]] = [
      carried([0, 0], start, end),
      carried([1, 0], start, end),
      carried([0, 1], start, end),
    ];
    return Float64Array.of(x1 - x0, x2 - x0, x0, y1 - y0, y2 - y0, y0);
  });
  const [x, y] = [new Float64Array(width * height), new Float64Array(width * height)];
  for (let row = 0, at = 0; row < height; row++) {
    const v = (row * (rows - 1)) / height;
    const down = Math.floor(v);
    for (let column = 0; column < width; column++, at++) {
      const u = (column * (columns - 1)) / width;
      const cell = down * (columns - 1) + Math.floor(u);
      const [shareX, shareY] = [u - Math.floor(u), v - down];
      const isRight = mesh.falls[cell]! ? shareX > shareY : shareX + shareY > 1;
      const map = maps[2 * cell + Number(isRight)]!;
      x[at] = within(map[0]! * column + map[1]! * row + map[2]!, width);
      y[at] = within(map[3]! * column + map[4]! * row + map[5]!, height);
    }
  }
  return { x, y };
}

const within = (value: number, length: number) => Math.min(Math.max(value, 0), length - 1);

/** Places go the other way: from the moved triangle that they lie in to the unmoved one. */
function moverOf({ width, height }: Size, mesh: Mesh): Move {
  const all = triangles(mesh);
  return (x, y) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return [x, y];
    const found = all.find((corners) =>
      shares(
        [x, y],
        corners.map((i) => mesh.to[i]!),
      ).every((share) => share >= -1e-9),
    );
    if (found === undefined) return [x, y];
    return carried(
      [x, y],
      found.map((i) => mesh.to[i]!),
      found.map((i) => mesh.from[i]!),
    );
  };
}

/** How much of each corner of a triangle a point is, together 1. */
function shares([x, y]: Point, triangle: readonly Point[]): [number, number, number] {
  const [[ax, ay], [bx, by], [cx, cy]] = triangle as [Point, Point, Point];
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  const b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
  const c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
  return area === 0 ? [NaN, NaN, NaN] : [1 - b - c, b, c];
}

function carried(point: Point, from: readonly Point[], to: readonly Point[]): [number, number] {
  const [a, b, c] = shares(point, from);
  const [[ax, ay], [bx, by], [cx, cy]] = to as [Point, Point, Point];
  return [a * ax + b * bx + c * cx, a * ay + b * by + c * cy];
}
