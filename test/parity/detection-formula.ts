/** Boxes and numbers of test/fixtures/detection/make.py, made by the same formulas. */
import { detectorShapes, type DetectorPlan } from "../../src/kernel-lib/models/detection/detector-plan.js";
import type { TensorData } from "../../src/kernel-lib/models/tensor-data.js";
import { formulaValues, noise } from "./torch-formula.js";

/** Numbers in [0, 1), rounded as torch's 32-bit floats. */
export const unit = (count: number, seed: number): Float32Array =>
  Float32Array.from(noise(count, seed), (value) => (value + 1) / 2);

/** `count` × 4 inside a square of the side. */
export function formulaBoxes(count: number, seed: number, side: number, least: number, most: number): Float32Array {
  const u = unit(4 * count, seed);
  const f = Math.fround;
  const boxes = new Float32Array(4 * count);
  for (let i = 0; i < boxes.length; i += 4) {
    for (const axis of [0, 1]) {
      const size = f(least + f((u[i + 2 + axis] ?? 0) * (most - least)));
      boxes[i + axis] = f((u[i + axis] ?? 0) * f(side - size));
      boxes[i + 2 + axis] = f((boxes[i + axis] ?? 0) + size);
    }
  }
  return boxes;
}

/** A detector's weights. */
export function formulaDetector(plan: DetectorPlan): Map<string, TensorData> {
  const tensors = formulaValues(detectorShapes(plan));
  for (const [name, { data }] of tensors) {
    if (/bbox_pred|cls_/.test(name)) data.forEach((value, i) => (data[i] = value * Math.fround(0.1)));
  }
  return tensors;
}

/** H × W × 3 out of torch's 3 × H × W, values 0 to 1. */
export function formulaPicture(height: number, width: number): Float32Array {
  const torch = unit(3 * height * width, 50 + height);
  const plane = height * width;
  return Float32Array.from(torch, (_, i) => torch[(i % 3) * plane + Math.floor(i / 3)] ?? 0);
}
