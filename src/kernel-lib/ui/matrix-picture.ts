/** A confusion matrix as a picture, for those who have no page to show a plot on. */
import { confusionMatrixSpec, plotsAsPng } from "../plots/index.js";
import { LIGHT_COLOURS } from "../protocol/index.js";

const WIDTH = 640;
/** Pixels of the picture for one of the plot: it is drawn at twice the resolution. */
const SCALE = 2;

/** A PNG. @param matrix rows: truth, columns: prediction, in the order of `labels` */
export async function drawConfusionMatrix(
  matrix: readonly (readonly number[])[],
  labels: readonly string[],
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const height = Math.min(900, Math.max(400, 130 + 34 * labels.length));
  const panel = { spec: confusionMatrixSpec(matrix, labels), description: "Confusion matrix", height };
  const bytes = await plotsAsPng([panel], { colours: LIGHT_COLOURS, width: WIDTH });
  return { bytes, width: SCALE * WIDTH, height: SCALE * height };
}
