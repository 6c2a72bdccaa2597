/** imgaug's `pillike.Affine`: Pillow's affine transform, which takes the nearest pixel. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  knownOptions,
  madeAugmenter,
  withoutNull,
} from "./augmenter.js";
import { axes, type AxesParameter } from "./geometric.js";
import {
  isParameter,
  levelParameter,
  numberParameter,
  type LevelParameter,
  type NumberParameter,
} from "./parameters.js";
import { composed, pillowAffine, turnedRound } from "./pillow-affine.js";
import { positionParameter, type PositionParameter } from "./position.js";
import { movedSubject, type Subject } from "./subject.js";
import { resampledMap, type ValueMap } from "./value-map.js";
import type { AffineMap } from "./warp-affine.js";

export interface PillikeAffineOptions extends AugmenterOptions {
  /** 1 is the old size, the default. */
  scale?: NumberParameter | AxesParameter;
  /** To the right and down, as a share of width and height. Either this or `translatePx`. */
  translatePercent?: NumberParameter | AxesParameter;
  /** To the right and down, in whole pixels. */
  translatePx?: NumberParameter | AxesParameter;
  /** Degrees, clockwise. */
  rotate?: NumberParameter;
  /** Degrees. A number alone shears along x only. */
  shear?: NumberParameter | AxesParameter;
  /** The level of new pixels, drawn for each channel; 0 by default. */
  fillcolor?: LevelParameter;
  /** About which place; "center" by default. */
  center?: PositionParameter;
}

const NAMES = ["scale", "translatePercent", "translatePx", "rotate", "shear", "fillcolor", "center"];

/** Moves, turns, scales and shears about any place. */
export function Affine(given: NumberParameter | PillikeAffineOptions = {}): Augmenter {
  const isFirst = typeof given === "number" || Array.isArray(given) || isParameter(given);
  const options: PillikeAffineOptions = isFirst
    ? { scale: given }
    : withoutNull(knownOptions("Affine", given as PillikeAffineOptions, NAMES), ["translatePercent", "translatePx"]);
  const draw = mapParameter(options);
  const fill = levelParameter("fillcolor", options.fillcolor ?? 0);
  return madeAugmenter(
    "Affine",
    options,
    (subject, known) => {
      const random = known ?? chance();
      const map = draw(subject.image, random);
      return moved(
        subject,
        map,
        [0, 1, 2].map(() => Math.trunc(fill.sample(random))),
      );
    },
    { path: "pillike.Affine" },
  );
}

function mapParameter(options: PillikeAffineOptions): (image: ImageData8, random: SeededRandom) => AffineMap {
  const scale = axes("scale", options.scale ?? 1, 1, { min: 1e-4 });
  const percent =
    options.translatePercent === undefined ? undefined : axes("translatePercent", options.translatePercent, 0);
  const px = axes("translatePx", options.translatePx ?? 0, 0, { integer: true });
  const rotate = numberParameter("rotate", options.rotate ?? 0);
  const given = options.shear ?? 0;
  const shear = axes("shear", typeof given === "number" ? { x: given } : given, 0);
  const [centerX, centerY] = positionParameter(options.center ?? "center");
  return ({ width, height }, random) => {
    const [sx, sy] = scale(random);
    const [x, y] = (percent ?? px)(random);
    const [tx, ty] = percent ? [fround(x) * width, fround(y) * height] : [x, y];
    const turn = radians(rotate.sample(random));
    // imgaug takes the hyperbolic tangent.
    const [hx, hy] = shear(random).map((degrees) => Math.tanh(radians(degrees))) as [number, number];
    const [cx, cy] = [fround(centerX.sample(random)) * width, fround(centerY.sample(random)) * height];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return composed([
      [1, 0, -cx, 0, 1, -cy],
      [cos, -sin, 0, sin, cos, 0],
      [1, hx, 0, hy, 1, 0],
      [sx, 0, 0, 0, sy, 0],
      [1, 0, tx, 0, 1, ty],
      [1, 0, cx, 0, 1, cy],
    ]);
  };
}

const { fround } = Math;
const radians = (degrees: number) => fround(fround(degrees) * fround(Math.PI / 180));

/** Here places are places: no half pixel is between them and pixels. */
function moved(subject: Subject, map: AffineMap, fill: readonly number[]): Subject {
  const { image } = subject;
  const [a, b, c, d, e, f] = map;
  const back = turnedRound(map);
  const warped = pillowAffine(image, back, fill);
  const moveMap = <M extends ValueMap>(each: M): M => {
    const [sx, sy] = [each.width / image.width, each.height / image.height];
    return resampledMap(each, each.width, each.height, (x, y) => {
      const [px, py] = [(x + 0.5) / sx, (y + 0.5) / sy];
      return [(back[0] * px + back[1] * py + back[2]) * sx - 0.5, (back[3] * px + back[4] * py + back[5]) * sy - 0.5];
    });
  };
  return movedSubject(subject, warped, (x, y) => [a * x + b * y + c, d * x + e * y + f], moveMap);
}
