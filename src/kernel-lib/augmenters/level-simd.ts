/** The loops over levels with SIMD, over the same memory as those of `picture-simd.ts`. */
import { levelLoopsCode } from "../simd/level-loops-code.js";
import { SimdCode } from "../simd/simd-code.js";
import { workplace, type Workplace } from "./picture-simd.js";

/** What `src/simd/level-loops.ts` exports; addresses in bytes. */
export interface LevelLoops {
  channelOf(from: number, to: number, channel: number, pixels: number): void;
  withChannel(levels: number, to: number, channel: number, pixels: number): void;
  reordered(from: number, to: number, mask: number, pixels: number): void;
  countEach(from: number, counts: number, pixels: number): void;
  count(from: number, counts: number, pixels: number): void;
  tileTable(
    from: number,
    stride: number,
    width: number,
    height: number,
    counts: number,
    most: number,
    scale: number,
    table: number,
  ): void;
  interpolated(
    from: number,
    to: number,
    above: number,
    below: number,
    lefts: number,
    rights: number,
    shares: number,
    lower: number,
    width: number,
  ): void;
  mixed(front: number, back: number, to: number, share: number, count: number): void;
  mixedCut(front: number, back: number, to: number, share: number, count: number): void;
  mixedByMask(front: number, back: number, to: number, mask: number, pixels: number): void;
  fadedToGrey(from: number, to: number, share: number, pixels: number): void;
  sumOfGreys(from: number, pixels: number): number;
  nearestCenters(points: number, centers: number, labels: number, count: number, kinds: number): void;
  filteredRow(
    rows: number,
    weights: number,
    size: number,
    offset: number,
    to: number,
    bytes: number,
    step: number,
  ): void;
  weighAcross(
    row: number,
    smoothed: number,
    derived: number,
    width: number,
    smoothing: number,
    derivative: number,
    taps: number,
  ): void;
  steepest(
    rows: number,
    smoothing: number,
    derivative: number,
    taps: number,
    shift: number,
    isL2: number,
    dx: number,
    dy: number,
    length: number,
    width: number,
  ): void;
  edgeKinds(
    length: number,
    stride: number,
    dx: number,
    dy: number,
    to: number,
    width: number,
    least: number,
    sure: number,
  ): void;
  linked(kinds: number, count: number, stride: number, open: number): void;
  weighted(taps: number, count: number, to: number, values: number): void;
  drawDoubles(state: number, to: number, count: number, draws: number, low: number, step: number): void;
  multiplyEach(bytes: number, values: number, to: number, count: number): void;
  multiplyPixels(bytes: number, values: number, to: number, pixels: number): void;
  replaceEach(bytes: number, values: number, to: number, count: number): void;
  replacePixels(bytes: number, values: number, to: number, pixels: number): void;
  below(values: number, count: number, limit: number): void;
  meanShift(
    from: number,
    to: number,
    plane: number,
    chosen: number,
    width: number,
    height: number,
    radius: number,
    limit: number,
  ): void;
}

const CODE = new SimdCode<LevelLoops>(levelLoopsCode);

export interface LevelPlace {
  place: Workplace;
  loops: LevelLoops;
}

/** Memory with room for parts of these sizes, and the loops; nothing where there is no SIMD. */
export function levelPlace(...sizes: readonly number[]): LevelPlace | undefined {
  const place = workplace(...sizes);
  const loops = place?.loopsOf(CODE);
  return place && loops && { place, loops };
}
