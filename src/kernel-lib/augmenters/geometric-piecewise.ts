/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over a grid: every index lies within it */
/** imgaug's `PiecewiseAffine`: the points of a grid move, and with them the triangles between. */
import { booleanOption } from "../structures/options.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, chance, madeAugmenter } from "./augmenter.js";
import type { BorderMode } from "./border.js";
import { sampledByField, type PositionField } from "./geometric-field.js";
import { orderParameter, type OrderParameter } from "./geometric.js";
import { numberParameter, textParameter, type NumberParameter, type TextParameter } from "./parameters.js";
import type { SampleOptions } from "./sample-picture.js";
import { movedSubject, type Move, type Subject } from "./subject.js";
import { resampledMap } from "./value-map.js";

export interface PiecewiseAffineOptions extends AugmenterOptions {
  /** How far points move, the deviation of a normal distribution, as a share of height and width; [0, 0.04] by default. */
  scale?: NumberParameter;
  /** How many points down, at least 2; [2, 4] by default. */
  nbRows?: NumberParameter;
  /** How many points across, at least 2; [2, 4] by default. */
  nbCols?: NumberParameter;
  /** 0: the nearest pixel, 1 (the default): linear, 3: cubic. */
  order?: OrderParameter;
  /** The value of new pixels in mode "constant"; 0 by default. */
  cval?: NumberParameter;
  /** What fills new pixels; "constant" by default. */
  mode?: TextParameter<BorderMode>;
  /** Take `scale` for pixels; false by default. */
  absoluteScale?: boolean;
}

const NAMES = ["scale", "nbRows", "nbCols", "order", "cval", "mode", "absoluteScale"];

/** Distorts pictures part by part. */
export function PiecewiseAffine(given: NumberParameter | PiecewiseAffineOptions = {}): Augmenter {
  const options = firstOption<PiecewiseAffineOptions>("PiecewiseAffine", "scale", given, NAMES);
  const scale = numberParameter("scale", options.scale ?? [0, 0.04], { min: 0 });
  const rows = numberParameter("nbRows", options.nbRows ?? [2, 4], { min: 2, integer: true });
  const columns = numberParameter("nbCols", options.nbCols ?? [2, 4], { min: 2, integer: true });
  const order = orderParameter(options.order ?? 1);
  const cval = numberParameter("cval", options.cval ?? 0, { min: 0, max: 255 });
  const modes = ["constant", "edge", "symmetric", "reflect", "wrap"] as const;
  const mode = textParameter("mode", options.mode ?? "constant", modes);
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
    const level = Math.trunc(cval.sample(random));
    const settings = { order: order(random), mode: mode.sample(random), cval: [level, level, level] };
    return deviation === 0 ? subject : byMesh(subject, { rows: down, columns: across, jitter }, settings);
  });
}

/** The points of a grid over the picture, row by row, and how far each moves, in shares of width and height. */
export interface Grid {
  rows: number;
  columns: number;
  jitter: readonly Point[];
}

/** Each map gets a grid over its own pixels, as imgaug has it. */
export function byMesh(subject: Subject, grid: Grid, options: SampleOptions): Subject {
  const { image } = subject;
  if (isThin(image)) return subject;
  const mesh = meshOver(image, grid);
  const picture = sampledByField(image, fieldOf(image, mesh), options);
  return movedSubject(subject, picture, moverOf(image, mesh), (map) => {
    const { x: xs, y: ys } = isThin(map) ? { x: [], y: [] } : fieldOf(map, meshOver(map, grid));
    if (xs.length === 0) return map;
    return resampledMap(map, map.width, map.height, (x, y) => [xs[y * map.width + x]!, ys[y * map.width + x]!]);
  });
}

/** imgaug moves nothing in pictures of a single row or column. */
const isThin = ({ width, height }: Size) => width < 2 || height < 2;

interface Size {
  width: number;
  height: number;
}

type Point = readonly [x: number, y: number];

/** A grid of points over the picture, and where they go. */
interface Mesh {
  rows: number;
  columns: number;
  from: readonly Point[];
  to: readonly Point[];
}

function meshOver({ width, height }: Size, { rows, columns, jitter }: Grid): Mesh {
  const from = Array.from({ length: rows * columns }, (_, i): Point => [
    ((i % columns) * width) / (columns - 1),
    (Math.floor(i / columns) * height) / (rows - 1),
  ]);
  const within = (value: number, length: number) => Math.min(Math.max(value, 0), length - 1);
  const to = from.map(([x, y], i): Point => {
    const [farX, farY] = jitter[i]!;
    return [within(x + farX * width, width), within(y + farY * height, height)];
  });
  return { rows, columns, from, to };
}

/** The two triangles of each cell, as places of their corners in the mesh. */
function triangles({ rows, columns }: Mesh): (readonly [number, number, number])[] {
  return Array.from({ length: (rows - 1) * (columns - 1) }, (_, cell) => {
    const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
    const [right, below, opposite] = [corner + 1, corner + columns, corner + columns + 1];
    return [[corner, right, below] as const, [opposite, below, right] as const];
  }).flat();
}

/** A new pixel comes from where its place in the unmoved grid went: imgaug's direction. */
function fieldOf({ width, height }: Size, mesh: Mesh): PositionField {
  const { rows, columns, from, to } = mesh;
  const all = triangles(mesh);
  const x = new Float32Array(width * height);
  const y = new Float32Array(width * height);
  for (let row = 0, at = 0; row < height; row++) {
    const v = (row * (rows - 1)) / height;
    for (let column = 0; column < width; column++, at++) {
      const u = (column * (columns - 1)) / width;
      const isSecond = u - Math.floor(u) + v - Math.floor(v) > 1;
      const corners = all[2 * (Math.floor(v) * (columns - 1) + Math.floor(u)) + Number(isSecond)]!;
      [x[at], y[at]] = carried(
        [column, row],
        corners.map((i) => from[i]!),
        corners.map((i) => to[i]!),
      );
    }
  }
  return { x, y };
}

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
