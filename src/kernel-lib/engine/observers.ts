/** Who watches a training when the caller names nobody: a kernel's live view, say. */
import type { TrainingObserver } from "../structures/training.js";

const FACTORY = Symbol.for("vitrine.defaultObserver");

/** Makes the observer of one training run; undefined: nobody watches. */
export type ObserverFactory = () => TrainingObserver | undefined;

/** Every training without an observer of its own gets one of these; undefined takes it away again. */
export function setDefaultObserver(factory: ObserverFactory | undefined): void {
  (globalThis as { [FACTORY]?: ObserverFactory | undefined })[FACTORY] = factory;
}

export function defaultObserver(): TrainingObserver | undefined {
  return (globalThis as { [FACTORY]?: ObserverFactory | undefined })[FACTORY]?.();
}

/** Of a training's options: nobody is named, or null says that nobody shall watch. */
export function observerOption(given: TrainingObserver | null | undefined): TrainingObserver | undefined {
  return given === undefined ? defaultObserver() : (given ?? undefined);
}
