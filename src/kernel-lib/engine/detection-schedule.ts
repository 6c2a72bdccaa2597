/** A detector's learning rate at a step: a linear warm-up, then constant, along a cosine, or down by ten at two thirds and eight ninths. Pure. */
import type { DetectionTrainSettings } from "./detection-messages.js";

type Settings = Pick<DetectionTrainSettings, "learningRate" | "decay" | "warmUp" | "numSteps">;

/** @param step from 0 */
export function detectionRate({ learningRate, decay, warmUp, numSteps }: Settings, step: number): number {
  const rise = Math.min(1, (step + 1) / Math.max(1, warmUp));
  return learningRate * rise * DECAYS[decay](step / numSteps);
}

/** By the part of the training that is done. */
const DECAYS: Record<Settings["decay"], (done: number) => number> = {
  constant: () => 1,
  cosine: (done) => (1 + Math.cos(Math.PI * done)) / 2,
  // As torchvision's reference training: after 16 and 22 of 26 epochs, or so.
  step: (done) => (done < 2 / 3 ? 1 : done < 8 / 9 ? 0.1 : 0.01),
};
