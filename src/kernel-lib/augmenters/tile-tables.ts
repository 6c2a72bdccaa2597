/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Contrast-limited adaptive histogram equalisation (K. Zuiderveld, 1994) of a grey picture, as OpenCV's `CLAHE`. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { levelPlace } from "./level-simd.js";
import { sizeWithin } from "./size-limit.js";

const single = Math.fround;

/** How many parts there are, and of how many pixels each is. */
interface Tiles {
  across: number;
  down: number;
  width: number;
  height: number;
}

/** @param limit how often a level counts at most, as a multiple of the mean */
export function equalizedByTiles(levels: ImageData8, limit: number, across: number, down: number): ImageData8 {
  const { width, height } = levels;
  const isWhole = width % across === 0 && height % down === 0;
  const tiles: Tiles = {
    across,
    down,
    width: isWhole ? width / across : Math.floor(width / across) + 1,
    height: isWhole ? height / down : Math.floor(height / down) + 1,
  };
  const tables = tileTables(spread(levels, tiles), tiles, limit);
  const places = { columns: tilePlaces(width, tiles.width, across), rows: tilePlaces(height, tiles.height, down) };
  return interpolatedBySimd(levels, tables, across, places) ?? interpolatedPlainly(levels, tables, across, places);
}

/** A picture that parts don't divide goes on mirrored. */
function spread(levels: ImageData8, { across, down, width: tileWidth, height: tileHeight }: Tiles): ImageData8 {
  const { data, width, height, channels } = levels;
  const [wide, high] = [across * tileWidth, down * tileHeight];
  sizeWithin("a picture in tiles", { width: wide, height: high }, levels);
  if (wide === width && high === height) return levels;
  const result = new Uint8Array(wide * high);
  for (let y = 0; y < high; y++) {
    const row = borderIndex(y, height, "reflect") * width;
    result.set(data.subarray(row, row + Math.min(width, wide)), y * wide);
    for (let x = width; x < wide; x++) result[y * wide + x] = data[row + borderIndex(x, width, "reflect")]!;
  }
  return { data: result, width: wide, height: high, channels };
}

/** A table of levels for each part. */
function tileTables(levels: ImageData8, tiles: Tiles, limit: number): Uint8Array {
  const area = tiles.width * tiles.height;
  const most = Math.max(Math.trunc((limit * area) / 256), 1);
  const scale = single(255 / area);
  return tablesBySimd(levels, tiles, most, scale) ?? tablesPlainly(levels, tiles, most, scale);
}

/** Of a part its left upper pixel. */
const tileStart = ({ across, width, height }: Tiles, tile: number, stride: number): number =>
  Math.floor(tile / across) * height * stride + (tile % across) * width;

function tablesBySimd(levels: ImageData8, tiles: Tiles, most: number, scale: number): Uint8Array | undefined {
  const { data, width: stride } = levels;
  const count = tiles.across * tiles.down;
  const at = levelPlace(data.length, 4096, count * 256);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, counts, tables] = [place.put(data), place.take(4096), place.take(count * 256)];
  for (let tile = 0; tile < count; tile++) {
    const start = from + tileStart(tiles, tile, stride);
    loops.tileTable(start, stride, tiles.width, tiles.height, counts, most, scale, tables + tile * 256);
  }
  return place.bytes(tables, count * 256).slice();
}

function tablesPlainly(levels: ImageData8, tiles: Tiles, most: number, scale: number): Uint8Array {
  const tables = new Uint8Array(tiles.across * tiles.down * 256);
  for (let start = 0; start < tables.length; start += 256) {
    const counts = tileCounts(levels, tiles, start / 256);
    redistribute(counts, most);
    let sum = 0;
    counts.forEach((count, level) => {
      sum += count;
      tables[start + level] = Math.min(roundHalfEven(single(sum * scale)), 255);
    });
  }
  return tables;
}

function tileCounts({ data, width: stride }: ImageData8, tiles: Tiles, tile: number): Int32Array {
  const counts = new Int32Array(256);
  for (let y = 0, row = tileStart(tiles, tile, stride); y < tiles.height; y++, row += stride) {
    for (let x = row; x < row + tiles.width; x++) counts[data[x]!]!++;
  }
  return counts;
}

/** What is over the limit is given to all levels alike, the rest to some of them. */
function redistribute(counts: Int32Array, most: number): void {
  let excess = 0;
  for (let level = 0; level < 256; level++) {
    const over = counts[level]! - most;
    if (over <= 0) continue;
    excess += over;
    counts[level] = most;
  }
  const each = Math.floor(excess / 256);
  let rest = excess - each * 256;
  for (let level = 0; level < 256; level++) counts[level]! += each;
  const step = rest > 0 ? Math.max(Math.floor(256 / rest), 1) : 1;
  for (let level = 0; level < 256 && rest > 0; level += step, rest--) counts[level]!++;
}

/** For each place of an axis the parts before and behind it, and how near the second is. */
interface TilePlaces {
  before: Int32Array;
  behind: Int32Array;
  share: Float32Array;
}

interface Grid {
  columns: TilePlaces;
  rows: TilePlaces;
}

function tilePlaces(length: number, size: number, count: number): TilePlaces {
  const [before, behind] = [new Int32Array(length), new Int32Array(length)];
  const share = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const place = single(single(i * single(1 / size)) - 0.5);
    const here = Math.floor(place);
    before[i] = Math.max(here, 0);
    behind[i] = Math.min(here + 1, count - 1);
    share[i] = place - here;
  }
  return { before, behind, share };
}

function interpolatedBySimd(levels: ImageData8, tables: Uint8Array, across: number, grid: Grid) {
  const { data, width, height, channels } = levels;
  const { columns, rows } = grid;
  const wide = Math.ceil(width / 4) * 4;
  const at = levelPlace(data.length, data.length, tables.length, 4 * wide, 4 * wide, 4 * wide);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, to, all] = [place.put(data), place.take(data.length), place.put(tables)];
  const [lefts, rights, shares] = [new Int32Array(wide), new Int32Array(wide), new Float32Array(wide)];
  for (let x = 0; x < width; x++) {
    lefts[x] = columns.before[x]! * 256;
    rights[x] = columns.behind[x]! * 256;
    shares[x] = columns.share[x]!;
  }
  const lists = [place.put(lefts), place.put(rights), place.put(shares)] as const;
  for (let y = 0; y < height; y++) {
    const above = all + rows.before[y]! * across * 256;
    const below = all + rows.behind[y]! * across * 256;
    const start = y * width;
    loops.interpolated(from + start, to + start, above, below, ...lists, rows.share[y]!, width);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

/** In single precision, as OpenCV. */
function interpolatedPlainly(levels: ImageData8, tables: Uint8Array, across: number, grid: Grid): ImageData8 {
  const { data, width, height, channels } = levels;
  const { columns, rows } = grid;
  const result = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    const [above, below] = [rows.before[y]! * across * 256, rows.behind[y]! * across * 256];
    const lower = rows.share[y]!;
    for (let x = 0; x < width; x++, at++) {
      const [left, right] = [columns.before[x]! * 256 + data[at]!, columns.behind[x]! * 256 + data[at]!];
      const share = columns.share[x]!;
      const between = (row: number) =>
        single(single(tables[row + left]! * single(1 - share)) + single(tables[row + right]! * share));
      result[at] = roundHalfEven(single(single(between(above) * single(1 - lower)) + single(between(below) * lower)));
    }
  }
  return { data: result, width, height, channels };
}
