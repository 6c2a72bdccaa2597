/** A thread of `AugmenterPool`: makes augmenters of their recipes, and pictures by them. */
import { parentPort } from "node:worker_threads";
import { isVitrineError } from "../structures/errors.js";
import { SeededRandom } from "../structures/random.js";
import type { Augmenter } from "./augmenter.js";
import type { PoolRequest, PoolResponse } from "./augmenter-pool.js";
import { finished } from "./finished-picture.js";
import * as augmenters from "./index.js";
import { received } from "./recipe.js";

const kept = new Map<number, Augmenter>();

parentPort?.on("message", (request: PoolRequest) => {
  const { id } = request;
  try {
    const subject = augmented(request);
    const { buffer } = subject.image.data;
    const message: PoolResponse = { id, subject };
    const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === subject.image.data.byteLength;
    // Given away, not copied.
    parentPort?.postMessage(message, isWhole ? [buffer] : []);
  } catch (error) {
    parentPort?.postMessage({ id, error: described(error) } satisfies PoolResponse);
  }
});

function augmented({ key, augmenter, forget, subject, position }: PoolRequest) {
  if (forget === true) kept.clear();
  if (augmenter !== undefined) kept.set(key, received(augmenter, augmenters) as Augmenter);
  const known = kept.get(key);
  if (!known) throw new Error(`there is no augmenter ${key}`);
  return finished(subject, known.run(subject, position && randomAt(position)));
}

function randomAt(position: NonNullable<PoolRequest["position"]>): SeededRandom {
  const random = new SeededRandom(0);
  random.position = position;
  return random;
}

function described(error: unknown): { code?: string; details?: unknown; message: string } {
  if (isVitrineError(error)) return { code: error.code, details: error.details, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}
