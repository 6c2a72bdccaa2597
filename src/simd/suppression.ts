/**
 * AssemblyScript: non-maximum suppression of boxes that are already sorted, best first. Its twin in plain TypeScript, which tells how it
 * works, is `src/kernel-lib/ops/nms-drawers.ts`.
 *
 * Addresses are in bytes. Boxes are four floats each. The boxes that stay lie in blocks of four, side by side: xmin of the four, then
 * ymin, xmax, ymax, their areas, the address of the drawer's next block, and how many there are. All arithmetic on boxes is in single
 * precision, as torchvision's.
 */
const DRAWERS = 1 << 15;
const LEAST_LEVEL = -10;
const LEVELS = 80;
const BLOCK: usize = 96;
const NEXT: usize = 80;
const FILLED: usize = 84;
/** Where drawers end: a place beyond it belongs to the last. */
const FAR: f64 = 1073741824;

/**
 * @param threshold the greatest float that is not above the wanted one
 * @param stay where the places of those that stay are written
 * @param tables (DRAWERS + LEVELS) · 4 bytes; @param blocks 96 bytes a box
 * @returns how many stay
 */
export function suppress(
  boxes: usize,
  count: i32,
  threshold: f32,
  reach: f64,
  areaFactor: f32,
  stay: usize,
  tables: usize,
  blocks: usize,
): i32 {
  memory.fill(tables, 0, (DRAWERS + LEVELS) << 2);
  const used = tables + (DRAWERS << 2);
  let free = blocks;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const box = boxes + ((<usize>i) << 4);
    const x1 = load<f32>(box);
    const y1 = load<f32>(box, 4);
    const x2 = load<f32>(box, 8);
    const y2 = load<f32>(box, 12);
    const area = (x2 - x1) * (y2 - y1);
    if (area > 0 && area < Infinity) {
      const x = (<f64>x1 + <f64>x2) * 0.5;
      const y = (<f64>y1 + <f64>y2) * 0.5;
      const farX = (<f64>x2 - <f64>x1) * reach;
      const farY = (<f64>y2 - <f64>y1) * reach;
      const last = levelOf(area * areaFactor);
      let level = levelOf(area / areaFactor);
      for (; level <= last; level++) {
        if (load<i32>(used + ((<usize>level) << 2)) == 0) continue;
        if (search(tables, blocks, free, kept, level, box, area, threshold, x, y, farX, farY)) break;
      }
      if (level <= last) continue;
      const own = levelOf(area);
      store<i32>(used + ((<usize>own) << 2), 1);
      const scale = scaleOf(own);
      const drawer = drawerOf(tables, own, place(x * scale), place(y * scale));
      let block = <usize>load<u32>(drawer);
      if (block == 0 || load<i32>(block, FILLED) == 4) {
        memory.fill(free, 0, BLOCK);
        store<u32>(free, <u32>block, NEXT);
        store<u32>(drawer, <u32>free);
        block = free;
        free += BLOCK;
      }
      const filled = load<i32>(block, FILLED);
      const lane = block + ((<usize>filled) << 2);
      store<f32>(lane, x1);
      store<f32>(lane, y1, 16);
      store<f32>(lane, x2, 32);
      store<f32>(lane, y2, 48);
      store<f32>(lane, area, 64);
      store<i32>(block, filled + 1, FILLED);
    }
    store<i32>(stay + ((<usize>kept) << 2), i);
    kept++;
  }
  return kept;
}

/** Whether one of a level's boxes overlaps the box too much. */
function search(
  tables: usize,
  blocks: usize,
  free: usize,
  kept: i32,
  level: i32,
  box: usize,
  area: f32,
  threshold: f32,
  x: f64,
  y: f64,
  farX: f64,
  farY: f64,
): bool {
  const scale = scaleOf(level);
  const left = place((x - farX) * scale);
  const right = place((x + farX) * scale);
  const top = place((y - farY) * scale);
  const bottom = place((y + farY) * scale);
  const x1 = v128.load32_splat(box);
  const y1 = v128.load32_splat(box, 4);
  const x2 = v128.load32_splat(box, 8);
  const y2 = v128.load32_splat(box, 12);
  const areas = f32x4.splat(area);
  const limit = f32x4.splat(threshold);
  // Of a long and thin box there are more drawers than boxes.
  if ((<f64>right - <f64>left + 1) * (<f64>bottom - <f64>top + 1) > <f64>kept) {
    for (let block = blocks; block < free; block += BLOCK) {
      if (overlaps(block, x1, y1, x2, y2, areas, limit)) return true;
    }
    return false;
  }
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      let block = <usize>load<u32>(drawerOf(tables, level, column, row));
      while (block != 0) {
        if (overlaps(block, x1, y1, x2, y2, areas, limit)) return true;
        block = <usize>load<u32>(block, NEXT);
      }
    }
  }
  return false;
}

/** Empty places of a block are points at the origin, which overlap nothing. */
function overlaps(block: usize, x1: v128, y1: v128, x2: v128, y2: v128, areas: v128, limit: v128): bool {
  const zero = f32x4.splat(0);
  const width = f32x4.max(zero, f32x4.sub(f32x4.min(x2, v128.load(block, 32)), f32x4.max(x1, v128.load(block))));
  const height = f32x4.max(zero, f32x4.sub(f32x4.min(y2, v128.load(block, 48)), f32x4.max(y1, v128.load(block, 16))));
  const shared = f32x4.mul(width, height);
  const all = f32x4.sub(f32x4.add(areas, v128.load(block, 64)), shared);
  return v128.any_true(f32x4.gt(f32x4.div(shared, all), limit));
}

function levelOf(area: f32): i32 {
  const level = ((reinterpret<i32>(area) >>> 23) - 127) >> 1;
  return level < LEAST_LEVEL ? 0 : level - LEAST_LEVEL;
}

/** Drawers a pixel: two to the power of minus the level. */
function scaleOf(level: i32): f64 {
  return reinterpret<f64>((<i64>(1023 - level - LEAST_LEVEL)) << 52);
}

function place(at: f64): i32 {
  return <i32>max(-FAR, min(FAR, floor(at)));
}

function drawerOf(tables: usize, level: i32, column: i32, row: i32): usize {
  const hash = (level * 0x9e3779b1) ^ (column * 0x85ebca6b) ^ (row * 0xc2b2ae35);
  return tables + ((<usize>((hash ^ (hash >>> 15)) & (DRAWERS - 1))) << 2);
}
