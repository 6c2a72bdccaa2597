/** The error of ours that something ends with. */
import { isVitrineError, type VitrineError } from "../../src/kernel-lib/structures/errors.js";

/** Fails itself where nothing failed, or by another error. */
export async function failure(promise: Promise<unknown>): Promise<VitrineError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!isVitrineError(error)) throw error;
  return error;
}
