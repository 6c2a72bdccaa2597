/**
 * A detector's weights on the running backend, by torchvision's names. Convolutions lie as height × width × inputs × outputs and
 * linear layers as inputs × outputs; `fc6` takes its inputs place by place where torch takes them channel by channel.
 */
import * as tf from "@tensorflow/tfjs-core";

import { VitrineError } from "../../structures/errors.js";
import type { NamedTensors, TensorData } from "../tensor-data.js";

const OVER_PLACES = "roi_heads.box_head.fc6.weight";

export class Parameters {
  private readonly variables = new Map<string, tf.Variable>();
  private readonly poolSize: number;

  /** @param tensors in torch's shapes; copied. @param poolSize bins a side of a pooled region */
  constructor(tensors: NamedTensors, poolSize: number) {
    this.poolSize = poolSize;
    for (const [name, { shape, data }] of tensors) {
      // TensorFlow takes the memory of what it is given, so it is given a copy.
      const value = tf.tidy(() => this.fromTorch(name, tf.tensor(data.slice(), [...shape])));
      this.variables.set(name, tf.variable(value, true));
      value.dispose();
    }
  }

  get names(): string[] {
    return [...this.variables.keys()];
  }

  /** @throws InvalidWeights */
  get<R extends tf.Rank>(name: string): tf.Variable<R> {
    const found = this.variables.get(name);
    if (found) return found as tf.Variable<R>;
    throw new VitrineError("InvalidWeights", {
      path: "weights",
      tensor: name,
      expected: "a tensor",
      received: "none",
    });
  }

  /** A copy in torch's shapes. */
  export(): Map<string, TensorData> {
    return new Map(
      [...this.variables].map(([name, variable]) => {
        const torch = tf.tidy(() => this.toTorch(name, variable));
        const data = torch.dataSync<"float32">().slice();
        torch.dispose();
        return [name, { shape: torch.shape, data }];
      }),
    );
  }

  /** The weights as they are now; the caller disposes it. */
  snapshot(): Map<string, tf.Tensor> {
    return new Map([...this.variables].map(([name, variable]) => [name, tf.keep(variable.clone())]));
  }

  restore(snapshot: ReadonlyMap<string, tf.Tensor>): void {
    for (const [name, value] of snapshot) this.get(name).assign(value);
  }

  dispose(): void {
    tf.dispose([...this.variables.values()]);
    this.variables.clear();
  }

  private fromTorch(name: string, value: tf.Tensor): tf.Tensor {
    if (value.rank === 4) return tf.transpose(value, [2, 3, 1, 0]);
    if (value.rank !== 2) return value.clone();
    if (name !== OVER_PLACES) return tf.transpose(value);
    const [outputs = 0, inputs = 0] = value.shape;
    const size = this.poolSize;
    const places = tf.transpose(tf.reshape(value, [outputs, inputs / size ** 2, size, size]), [2, 3, 1, 0]);
    return tf.reshape(places, [inputs, outputs]);
  }

  private toTorch(name: string, value: tf.Tensor): tf.Tensor {
    if (value.rank === 4) return tf.transpose(value, [3, 2, 0, 1]);
    if (value.rank !== 2) return value.clone();
    if (name !== OVER_PLACES) return tf.transpose(value);
    const [inputs = 0, outputs = 0] = value.shape;
    const size = this.poolSize;
    const channels = tf.transpose(tf.reshape(value, [size, size, inputs / size ** 2, outputs]), [3, 2, 0, 1]);
    return tf.reshape(channels, [outputs, inputs]);
  }
}
