/** The running cell's interrupt, as a signal that long work obeys without knowing the kernel. */
import { quote, VitrineError } from "./errors.js";

const KERNEL = Symbol.for("vitrine.kernel");

/** Fires when the user interrupts the running cell; undefined outside vitrine's kernel. */
export function cellSignal(): AbortSignal | undefined {
  const kernel = (globalThis as { [KERNEL]?: { cellSignal?: AbortSignal | undefined } })[KERNEL];
  return kernel?.cellSignal;
}

/** The caller's signal and the cell's interrupt as one; undefined where there is neither. @throws InvalidOption where it is no signal */
export function effectiveSignal(signal?: AbortSignal): AbortSignal | undefined {
  // Callers in plain JavaScript pass the controller.
  const isGiven = signal !== undefined && (signal as unknown) !== null;
  if (isGiven && typeof (signal as Partial<AbortSignal>).addEventListener !== "function") {
    const expected = "an AbortSignal (an AbortController's signal)";
    throw new VitrineError("InvalidOption", { option: "signal", expected, received: quote(signal) });
  }
  const interrupt = cellSignal();
  if (!signal || !interrupt) return signal ?? interrupt;
  return AbortSignal.any([signal, interrupt]);
}
