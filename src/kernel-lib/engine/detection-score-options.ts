/** What a detector that scores may be told, its defaults and their checks. */
import { integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { TileSettings } from "./detection-messages.js";

export interface DetectorScoreOptions {
  /** Pictures at once, padded to one size; 1 by default. */
  batchSize?: number | undefined;
  /**
   * Looks at overlapping parts of a large picture one by one, so that small objects are seen at their own size: a tile's side in pixels,
   * or with the part by which tiles overlap, 0.2 by default.
   */
  tiles?: number | { size: number; overlap?: number };
  signal?: AbortSignal | undefined;
}

export interface DetectorEvaluateOptions extends DetectorScoreOptions {
  /** How many of the pictures are drawn into `evalDir`; 10 by default. */
  pictures?: number;
}

const NAMES = ["batchSize", "tiles", "signal"];

/** @throws InvalidOption */
export function checkScoreOptions(options: DetectorScoreOptions): {
  batchSize: number;
  tiles: TileSettings | undefined;
} {
  knownOptions("score", options, NAMES);
  return { batchSize: integerOption("batchSize", options.batchSize ?? 1, 1, 1024), tiles: tilesOption(options.tiles) };
}

/** @throws InvalidOption */
export function checkEvaluateOptions({ pictures = 10, ...scoring }: DetectorEvaluateOptions): {
  pictures: number;
  scoring: DetectorScoreOptions;
} {
  knownOptions("evaluate", scoring, [...NAMES, "pictures"]);
  return { pictures: integerOption("pictures", pictures, 0), scoring };
}

function tilesOption(tiles: DetectorScoreOptions["tiles"]): TileSettings | undefined {
  if (tiles === undefined) return undefined;
  const given = typeof tiles === "object" ? tiles : { size: tiles };
  knownOptions("tiles", given, ["size", "overlap"]);
  const { size, overlap = 0.2 } = given;
  return { size: integerOption("tiles", size, 64, 8192), overlap: numberOption("tiles.overlap", overlap, 0, 0.9) };
}
