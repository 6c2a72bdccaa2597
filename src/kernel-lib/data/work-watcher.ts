/** Who watches long work on a data set when the caller gives no function for its progress. */

export interface WorkWatcher {
  onProgress(progress: { done: number; total: number }): void;
  /** It is done, was stopped, or failed. */
  onEnd(): void;
}

/** @param title what is being done, "Augmenting" */
export type WorkWatcherFactory = (title: string) => WorkWatcher;

const FACTORY = Symbol.for("vitrine.defaultWorkWatcher");

export function setDefaultWorkWatcher(factory: WorkWatcherFactory | undefined): void {
  (globalThis as { [FACTORY]?: WorkWatcherFactory | undefined })[FACTORY] = factory;
}

/** The caller's own function, or else the default's. */
export function workWatcher(title: string, onProgress: WorkWatcher["onProgress"] | undefined): WorkWatcher {
  const nobody: WorkWatcher = { onProgress: onProgress ?? (() => undefined), onEnd: () => undefined };
  if (onProgress) return nobody;
  return (globalThis as { [FACTORY]?: WorkWatcherFactory | undefined })[FACTORY]?.(title) ?? nobody;
}
