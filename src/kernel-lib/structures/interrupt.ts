/** The running cell's interrupt, as a signal that long work obeys without knowing the kernel. */

const KERNEL = Symbol.for("vitrine.kernel");

/** Fires when the user interrupts the running cell; undefined outside vitrine's kernel. */
export function cellSignal(): AbortSignal | undefined {
  const kernel = (globalThis as { [KERNEL]?: { cellSignal?: AbortSignal | undefined } })[KERNEL];
  return kernel?.cellSignal;
}

/** The caller's signal and the cell's interrupt as one; undefined where there is neither. */
export function effectiveSignal(signal?: AbortSignal): AbortSignal | undefined {
  const interrupt = cellSignal();
  if (!signal || !interrupt) return signal ?? interrupt;
  return AbortSignal.any([signal, interrupt]);
}
