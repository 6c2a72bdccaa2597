/** What a detector's service answers for a picture, back as the fields of `score()`. */
import { z } from "zod";

import { quote, VitrineError } from "../structures/errors.js";
import { parseResult } from "../structures/serialized-result.js";
import type { DetectionResult } from "./detection-result.js";

const corner = z.number();

const serialized = z.object({
  detection_boxes: z.array(z.tuple([corner, corner, corner, corner])),
  detection_scores: z.array(z.number()),
  detection_classes: z.array(z.number().int()),
  detection_labels: z.array(z.string()),
  num_detections: z.number().int().min(0),
});

/** @throws InvalidFile where it is not a detector's answer */
export function parseDetectionResult(text: string): DetectionResult {
  const value = parseResult(text);
  const parsed = serialized.safeParse(value);
  const lengths = parsed.success
    ? [
        parsed.data.detection_boxes,
        parsed.data.detection_scores,
        parsed.data.detection_classes,
        parsed.data.detection_labels,
      ]
    : [];
  if (!parsed.success || lengths.some(({ length }) => length !== parsed.data.num_detections)) {
    const where = parsed.success ? "num_detections" : (parsed.error.issues[0]?.path.join(".") ?? "the whole");
    throw new VitrineError("InvalidFile", {
      path: "result",
      where,
      expected: "a detector's answer",
      received: quote(value),
    });
  }
  return {
    detectionBoxes: parsed.data.detection_boxes,
    detectionScores: parsed.data.detection_scores,
    detectionClasses: parsed.data.detection_classes,
    numDetections: parsed.data.num_detections,
    detectionLabels: parsed.data.detection_labels,
  };
}
