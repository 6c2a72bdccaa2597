/** Maps by formulas, as the fixtures' scripts make them too, and those of the fixtures. */
import { expect } from "vitest";
import type { Subject } from "../../src/kernel-lib/augmenters/index.js";

type Size = readonly [width: number, height: number];

export interface MapCase {
  size: Size;
  result: Size;
  /** 16 bits a value, of 65535. */
  heatmap: string;
  /** A digit for each class. */
  segmentationMap: string;
}

export function formulaMaps([width, height]: Size): Pick<Required<Subject>, "heatmaps" | "segmentationMaps"> {
  const places = Array.from({ length: width * height }, (_, i) => [i % width, Math.floor(i / width)] as const);
  const size = { width, height, channels: 1 };
  return {
    heatmaps: [{ ...size, data: Float32Array.from(places, ([x, y]) => ((x * 7 + y * 5) % 32) / 31) }],
    segmentationMaps: [
      { ...size, data: Int32Array.from(places, ([x, y]) => (Math.floor(x / 3) + Math.floor(y / 4)) % 5) },
    ],
  };
}

/** How far each value of the heatmap is from the fixture's, and how many classes are others than there. */
export function mapDifferences(
  { heatmaps, segmentationMaps }: Subject,
  each: MapCase,
): { heat: number[]; classes: number } {
  const [heat, segments] = [heatmaps?.[0], segmentationMaps?.[0]];
  expect([heat?.width, heat?.height, segments?.width, segments?.height]).toEqual([...each.result, ...each.result]);
  const bytes = Buffer.from(each.heatmap, "base64");
  return {
    heat: Array.from(heat?.data ?? [], (value, i) => Math.abs(value - bytes.readUInt16LE(2 * i) / 65535)),
    classes: Array.from(segments?.data ?? [], (value, i) => Number(String(value) !== each.segmentationMap[i])).filter(
      Boolean,
    ).length,
  };
}
