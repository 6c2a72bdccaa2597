/** An id for this page: Preact's own `useId` counts from the same number in every view. */
import { useMemo } from "preact/hooks";

let count = 0;

export function useUniqueId(): string {
  return useMemo(() => `vt-${++count}-${Math.random().toString(36).slice(2, 8)}`, []);
}
