/** Who watches a load test when the caller names nobody. */
import type { LoadTestObserver } from "../../structures/load-test.js";

const FACTORY = Symbol.for("vitrine.defaultLoadTestObserver");

export type LoadTestObserverFactory = () => LoadTestObserver | undefined;

/** Every load test without an observer of its own gets one of these. */
export function setDefaultLoadTestObserver(factory: LoadTestObserverFactory | undefined): void {
  (globalThis as { [FACTORY]?: LoadTestObserverFactory | undefined })[FACTORY] = factory;
}

export function defaultLoadTestObserver(): LoadTestObserver | undefined {
  return (globalThis as { [FACTORY]?: LoadTestObserverFactory | undefined })[FACTORY]?.();
}
