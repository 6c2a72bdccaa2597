/**
 * The head of a classifier: features standardised, then one linear layer. N pictures, F features, K classes.
 */
import * as tf from "@tensorflow/tfjs-core";

/** A head's numbers. */
export interface HeadData {
  features: number;
  classes: number;
  /** F: subtracted from the features. */
  shift: Float32Array;
  /** F: what is left is divided by it. */
  scale: Float32Array;
  /** F × K, row by row. */
  weights: Float32Array;
  /** K. */
  bias: Float32Array;
}

/** All zero, over standardised features: every class is as likely. */
export function emptyHead(features: number, classes: number, shift: Float32Array, scale: Float32Array): HeadData {
  const weights = new Float32Array(features * classes);
  return { features, classes, shift, scale, weights, bias: new Float32Array(classes) };
}

/** Features N × F to class scores N × K before the softmax. */
export function headLogits(features: tf.Tensor2D, head: HeadData): tf.Tensor2D {
  return tf.tidy(() => {
    const standard = standardise(features, head);
    const weights = tf.tensor2d(head.weights.slice(), [head.features, head.classes]);
    return tf.add<tf.Tensor2D>(tf.matMul(standard, weights), tf.tensor1d(head.bias.slice()));
  });
}

export function standardise(features: tf.Tensor2D, { shift, scale }: Pick<HeadData, "shift" | "scale">): tf.Tensor2D {
  return tf.tidy(() => tf.div(tf.sub(features, tf.tensor1d(shift.slice())), tf.tensor1d(scale.slice())));
}

/**
 * Mean and standard deviation of every column of N × F numbers, as scikit-learn's StandardScaler has them: a column that never
 * changes is divided by 1.
 */
export function columnStatistics(data: Float32Array, columns: number): { shift: Float32Array; scale: Float32Array } {
  const rows = data.length / columns;
  const shift = new Float32Array(columns);
  const scale = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += data[row * columns + column] ?? 0;
    const mean = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += ((data[row * columns + column] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    shift[column] = mean;
    scale[column] = deviation > 1e-7 ? deviation : 1;
  }
  return { shift, scale };
}
