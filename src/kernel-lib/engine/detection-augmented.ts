/** Augmented pictures with boxes as the worker gets them: augmenters are functions, so the calling thread applies them. */
import type { SupplyBoxedRequest } from "./detection-messages.js";
import type { OperationContext } from "./operation-context.js";

export type SuppliedPicture = NonNullable<SupplyBoxedRequest["picture"]>;

interface Waiting {
  resolve: (picture: SuppliedPicture) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let lastId = 0;

/** @param seed the same picture and seed are augmented alike */
export function augmentedBoxes(index: number, seed: string, { report }: OperationContext): Promise<SuppliedPicture> {
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    report({ kind: "augmentBoxed", id, index, seed });
  });
}

export function supplyBoxed({ id, picture, reason }: SupplyBoxedRequest): null {
  const asked = waiting.get(id);
  waiting.delete(id);
  if (picture) asked?.resolve(picture);
  else asked?.reject(new Error(reason ?? "no picture came"));
  return null;
}
