/** Augmented pictures as the worker gets them: augmenters are functions, so the calling thread applies them, ahead of the steps. */
import type { SupplyRequest } from "./messages.js";
import type { OperationContext } from "./operation-context.js";

interface Waiting {
  resolve: (pixels: Uint8Array) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let lastId = 0;

/** @param seed the same picture and seed are augmented alike */
export function augmentedPicture(path: string, seed: string, { report }: OperationContext): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    report({ kind: "augment", id, path, seed });
  });
}

export function supplyPicture({ id, pixels, reason }: SupplyRequest): null {
  const picture = waiting.get(id);
  waiting.delete(id);
  if (pixels) picture?.resolve(pixels);
  else picture?.reject(new Error(reason ?? "no picture came"));
  return null;
}
