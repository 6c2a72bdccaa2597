/** How good a detector is, by the documents' names and COCO's, with pictures and figures for TensorBoard. */
import { drawBoxes } from "../data/draw-boxes.js";
import type { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import type { BoxedSet } from "./detection-boxes.js";
import { EventWriter } from "./tensorboard-writer.js";

/** Figures by name, 0 to 1; those that can't be told, because there is nothing to find, are NaN (COCO's: -1). */
export type DetectionFigures = Record<string, number>;

/** The documents' figures, then COCO's by the names of TensorFlow's detection API. */
export function detectionFigures(evaluation: DetectionEvaluation): DetectionFigures {
  const { ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge } =
    evaluation.coco();
  return {
    ...evaluation.summary(),
    "COCO/Precision/mAP": ap,
    "COCO/Precision/mAP@.50IOU": ap50,
    "COCO/Precision/mAP@.75IOU": ap75,
    "COCO/Precision/mAP (small)": apSmall,
    "COCO/Precision/mAP (medium)": apMedium,
    "COCO/Precision/mAP (large)": apLarge,
    "COCO/Recall/AR@1": ar1,
    "COCO/Recall/AR@10": ar10,
    "COCO/Recall/AR@100": ar100,
    "COCO/Recall/AR@100 (small)": arSmall,
    "COCO/Recall/AR@100 (medium)": arMedium,
    "COCO/Recall/AR@100 (large)": arLarge,
  };
}

export interface EvaluationRecord {
  evalDir: string;
  /** Steps that the detector has learnt: where on the curves this is. */
  step: number;
  dataset: BoxedSet;
  evaluation: DetectionEvaluation;
  figures: DetectionFigures;
  /** Pictures that are drawn, the first ones. */
  pictures: number;
}

const SIDE = 800;
const SURE = 0.5;

/** `image-0`, `image-1`, …: what was found; `truth/image-0`: what is there; and every figure. @throws CannotWrite */
export async function recordEvaluation(record: EvaluationRecord): Promise<void> {
  const { evalDir, step, dataset, evaluation, figures, pictures } = record;
  const { labels, detections } = evaluation;
  const writer = new EventWriter(evalDir);
  try {
    for (const [tag, value] of Object.entries(figures)) if (Number.isFinite(value)) writer.scalar(tag, value, step);
    for (const [i, { storagePath, boxes }] of dataset.images.slice(0, pictures).entries()) {
      const { boxes: sides = new Float32Array(), scores = [], classes = [] } = detections[i] ?? {};
      const found = Array.from(scores, (score, place) => {
        const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = sides.subarray(place * 4, place * 4 + 4);
        return { label: labels[classes[place] ?? 0] ?? "", score, xmin, ymin, xmax, ymax };
      }).filter(({ score }) => score >= SURE);
      writer.image(`image-${i}`, await drawBoxes(storagePath, found, { imageSize: SIDE, labels }), step);
      writer.image(`truth/image-${i}`, await drawBoxes(storagePath, boxes, { imageSize: SIDE, labels }), step);
    }
  } finally {
    writer.close();
  }
}
