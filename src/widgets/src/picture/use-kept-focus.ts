/** A list whose cells come and go keeps the focus: where the cell that had it is gone, the chosen one gets it. */
import { useLayoutEffect, useRef } from "preact/hooks";

export function useKeptFocus(list: { current: HTMLElement | null }): void {
  const held = useRef(false);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const gone = new AbortController();
    const { signal } = gone;
    element.addEventListener("focusin", () => (held.current = true), { signal });
    // A cell that is removed loses the focus to nothing.
    element.addEventListener("focusout", ({ relatedTarget }) => (held.current = relatedTarget === null), { signal });
    // A press elsewhere on the page takes it away on purpose.
    const page = element.ownerDocument;
    const press = ({ target }: Event) => {
      if (!element.contains(target as Node)) held.current = false;
    };
    page.addEventListener("pointerdown", press, { capture: true, signal });
    return () => gone.abort();
  }, [list]);
  useLayoutEffect(() => {
    const element = list.current;
    const active = element?.ownerDocument.activeElement;
    if (!element || !active || !held.current) return;
    const chosen =
      element.querySelector<HTMLElement>('[aria-current="true"]') ??
      element.querySelector<HTMLElement>('[tabindex="0"]');
    const lost = active === element.ownerDocument.body;
    const elsewhere = element.contains(active) && active.matches("[aria-selected]") && active !== chosen;
    if (lost || elsewhere) chosen?.focus({ preventScroll: true });
  });
}
