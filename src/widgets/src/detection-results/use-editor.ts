/** The annotation tool's editor over the true boxes of the picture among the results. */
import { useSignal, useSignalEffect, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";

import type { DetectionResultsCommand, DetectionResultsState } from "../../../kernel-lib/protocol/index.js";
import { useAnnounce } from "../base/frame.js";
import type { WidgetPort } from "../base/port.js";
import { BoxEditor } from "../boxes/box-editor.js";
import { chosenRow } from "../picture/chosen-row.js";
import type { ChosenBox } from "./box-lists.js";

export interface Editing {
  editor: BoxEditor;
  /** Whether drags draw; else they move the picture. */
  on: Signal<boolean>;
}

/** @param chosen follows the editor's choice, and the editor it */
export function useEditor(
  port: Pick<WidgetPort<DetectionResultsState, DetectionResultsCommand>, "state" | "send">,
  chosen: Signal<ChosenBox | undefined>,
): Editing {
  const announce = useAnnounce();
  const on = useSignal(false);
  const editor = useMemo(
    () =>
      new BoxEditor({
        row: () => {
          const row = chosenRow(port.state.value);
          return row && { ...row, boxes: row.truth };
        },
        labels: () => port.state.value.labels,
        send: (edit) => port.send(edit),
        announce,
      }),
    [port, announce],
  );
  const row = chosenRow(port.state.value);
  // Before anything is painted: a key that comes right after must not meet the picture before.
  useLayoutEffect(() => editor.reset(), [editor, row?.id]);
  useLayoutEffect(() => editor.settle(), [editor, row?.truth]);
  useSignalEffect(() => {
    const index = editor.chosen.value;
    if (!on.value) return;
    if (index >= 0) chosen.value = { of: "truth", index };
    else if (chosen.peek()?.of === "truth") chosen.value = undefined;
  });
  useSignalEffect(() => {
    const index = chosen.value?.of === "truth" ? chosen.value.index : -1;
    if (on.value && index >= 0) editor.chosen.value = index;
  });
  return { editor, on };
}
