/**
 * Rows of a long list for a view that scrolls: asked for as they come into sight, kept until the list is another. Until the answer to a
 * change is there, what is shown stays.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import type { AnnotationCommand, AnnotationEvent, AnnotationRow } from "../../../kernel-lib/protocol/index.js";
import type { WidgetPort } from "../base/port.js";

type RowPort = Pick<WidgetPort<object, AnnotationCommand, AnnotationEvent>, "send" | "onEvent">;

/** More rows than that are not kept: the furthest away can be asked for again. */
const KEPT = 2000;

let readers = 0;

export function useRows(
  port: RowPort,
  from: number,
  count: number,
  revision: number,
): ReadonlySignal<ReadonlyMap<number, AnnotationRow>> {
  const store = useMemo(() => {
    const reader = `rows-${++readers}-${Math.random().toString(36).slice(2, 8)}`;
    const rows = signal<ReadonlyMap<number, AnnotationRow>>(new Map());
    let newest = -1;
    port.onEvent((event) => {
      if (event.type !== "rows" || event.reader !== reader) return;
      const fresh = event.revision !== newest || rows.peek().size > KEPT;
      newest = event.revision;
      const next = new Map(fresh ? [] : rows.peek());
      // The rows of an annotation widget.
      (event.rows as readonly AnnotationRow[]).forEach((row, i) => next.set(event.from + i, row));
      rows.value = next;
    });
    return { reader, rows, isNew: (now: number) => now !== newest };
  }, [port]);
  const missing = (position: number) => !store.rows.peek().has(position);
  useEffect(() => {
    const wanted = Array.from({ length: count }, (_, i) => from + i);
    if (count > 0 && (store.isNew(revision) || wanted.some(missing))) {
      port.send({ type: "rows", reader: store.reader, from, count });
    }
  }, [port, store, from, count, revision]);
  return store.rows;
}
