/** How large an element is on the page, followed as the page changes. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { RefObject } from "preact";

import type { Size } from "./zoom.js";

export function useSize<E extends HTMLElement>(): { element: RefObject<E | null>; size: ReadonlySignal<Size> } {
  const element = useRef<E>(null);
  const size = useMemo(() => signal<Size>({ width: 0, height: 0 }), []);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = target;
      if (width !== size.peek().width || height !== size.peek().height) size.value = { width, height };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [size]);
  return { element, size };
}
