/** Who watches a training when the caller names nobody: the live view in vitrine's kernel, lines elsewhere. */
import { kernelPort } from "../comm/port.js";
import type { TrainingObserver } from "../structures/training.js";
import { TrainingLines } from "./training-lines.js";
import { TrainingView } from "./training-view.js";

export function defaultTrainingObserver(): TrainingObserver {
  return kernelPort() ? new TrainingView() : new TrainingLines();
}
