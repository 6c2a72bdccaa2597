/** imgaug's positions: a word, shares of width and height, or what both are drawn from. */
import { quote, VitrineError } from "../structures/errors.js";
import { Normal } from "./distributions.js";
import { Clip } from "./parameter-arithmetic.js";
import {
  Deterministic,
  isParameter,
  numberParameter,
  Uniform,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";

export type PositionParameter =
  | "uniform"
  | "normal"
  | "center"
  | `${"left" | "center" | "right"}-${"top" | "center" | "bottom"}`
  | readonly [x: NumberParameter, y: NumberParameter]
  | StochasticParameter;

const SHARES: Record<string, number> = { left: 0, top: 0, center: 0.5, right: 1, bottom: 1 };

/** @throws `InvalidOption` */
export function positionParameter(
  position: PositionParameter,
): readonly [x: StochasticParameter, y: StochasticParameter] {
  const share = { min: 0, max: 1 };
  if (Array.isArray(position) && position.length === 2) {
    const [x, y] = position as readonly [NumberParameter, NumberParameter];
    return [numberParameter("position", x, share), numberParameter("position", y, share)];
  }
  if (isParameter(position))
    return [numberParameter("position", position, share), numberParameter("position", position, share)];
  if (position === "uniform") return [Uniform(0, 1), Uniform(0, 1)];
  const word = typeof position === "string" ? position : "";
  const normal = Clip(Normal(0.5, 0.35 / 2), 0, 1);
  if (position === "normal") return [normal, normal];
  const [x, y] = position === "center" ? ["center", "center"] : word.split("-");
  if (/^(center|(left|center|right)-(top|center|bottom))$/.test(word)) {
    return [Deterministic(SHARES[x ?? ""] ?? 0.5), Deterministic(SHARES[y ?? ""] ?? 0.5)];
  }
  const expected = '"uniform", "normal", "center", "left-top" and so on, [x, y], or a stochastic parameter';
  throw new VitrineError("InvalidOption", { option: "position", expected, received: quote(position) });
}
