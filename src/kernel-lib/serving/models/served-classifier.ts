/** A trained head, or a linear classifier over features, as a service sees it. */
import type { PictureOptions } from "../../data/picture-file.js";
import { FeatureClassifier } from "../../engine/feature-classifier.js";
import type { TransferLearningModel } from "../../engine/transfer-learning-model.js";
import type { Matrix } from "../../structures/matrix.js";
import { preparePixels } from "./prepare-pixels.js";
import type { Scores, PictureItem, ServedModel, ServedModelMetadata } from "./served-model.js";

export class ServedClassifier implements ServedModel<Uint8Array> {
  readonly metadata: ServedModelMetadata;
  readonly together = true;
  private readonly classifier: TransferLearningModel | FeatureClassifier;
  private readonly network: TransferLearningModel;

  constructor(classifier: TransferLearningModel | FeatureClassifier) {
    this.classifier = classifier;
    this.network = classifier instanceof FeatureClassifier ? classifier.model : classifier;
    const { baseModel, imageSize, labels } = this.network;
    const description = `classifier of ${labels.length} labels on ${baseModel}, ${imageSize.join(" × ")} pixels`;
    this.metadata = { kind: "classification", labels, description };
  }

  prepare(item: PictureItem, options: PictureOptions): Promise<Uint8Array> {
    return preparePixels(item, this.network.pictureInput, options);
  }

  async score(pixels: readonly Uint8Array[]): Promise<Scores[]> {
    const { classifier } = this;
    const values =
      classifier instanceof FeatureClassifier
        ? perLabel(await classifier.decidePixels(pixels))
        : await classifier.inferPixels(pixels, "logits");
    const { columns, data } = values;
    return pixels.map((_, row) => ({
      kind: "classification",
      logits: data.slice(row * columns, (row + 1) * columns),
    }));
  }
}

/** With two labels a linear classifier gives one column, for the second; minus and plus its half have the same softmax. */
function perLabel({ rows, columns, data }: Matrix): Matrix {
  if (columns !== 1) return { rows, columns, data };
  const both = Float32Array.from({ length: rows * 2 }, (_, i) => (data[i >> 1] ?? 0) * (i % 2 === 0 ? -0.5 : 0.5));
  return { rows, columns: 2, data: both };
}
