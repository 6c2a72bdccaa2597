/** What is said of a picture beside its labels or boxes: flags, and a note. */
import type { MarkCommand, MarkedRow, MarkFilter } from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { focusField, type KeyBinding } from "./key-bindings.js";
import { leaveField } from "./picture-grid.js";

export interface MarksProps {
  row: MarkedRow;
  send: (command: MarkCommand) => void;
}

export function Marks({ row, send }: MarksProps) {
  const live = useLive().value;
  return (
    <div class="vt-marks" role="group" aria-label={`Marks of ${row.name}`}>
      <Button
        label="Unsure"
        shortcut="U"
        pressed={row.flag === "unsure"}
        onPress={() => send({ type: "flag", flag: "unsure" })}
      />
      <Button
        label="Skip"
        shortcut="I"
        pressed={row.flag === "skip"}
        onPress={() => send({ type: "flag", flag: "skip" })}
      />
      <input
        // Another picture's note is another field.
        key={`${row.id} ${row.note}`}
        class="vt-text vt-note-field"
        aria-label="Note"
        placeholder="Note"
        disabled={!live}
        defaultValue={row.note}
        onChange={(event) => send({ type: "note", id: row.id, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.stopPropagation();
          const field = event.currentTarget;
          field.blur();
          leaveField(field);
        }}
      />
    </div>
  );
}

export function markKeys(send: (command: MarkCommand) => void): KeyBinding[] {
  return [
    {
      id: "unsure",
      keys: ["u"],
      shown: "U",
      help: "Unsure: to be looked at again, or not",
      run: () => send({ type: "flag", flag: "unsure" }),
    },
    {
      id: "skip",
      keys: ["i"],
      shown: "I",
      help: "Skip: to be left out, or not",
      run: () => send({ type: "flag", flag: "skip" }),
    },
    { id: "note", keys: ["m"], shown: "M", help: "Write a note", run: focusField(".vt-note-field") },
  ];
}

const MARK_TITLES: { [filter in MarkFilter]: string } = {
  unsure: "unsure",
  skip: "skip",
  flagged: "unsure or skip",
  noted: "with a note",
};

/** Choices of a menu: every mark that pictures can be filtered by. */
export function markOptions(flags: { unsure: number; skip: number }): { value: string; title: string }[] {
  const counts: { [filter in MarkFilter]?: number } = { ...flags, flagged: flags.unsure + flags.skip };
  return Object.entries(MARK_TITLES).map(([value, title]) => {
    const count = counts[value as MarkFilter];
    return { value: `mark:${value}`, title: count === undefined ? title : `${title} (${count})` };
  });
}

export function FlagBadge({ row }: { row: MarkedRow }) {
  const text = [row.flag, row.note === "" ? null : "note"].filter((part) => part !== null).join(", ");
  return text === "" ? null : <span class="vt-badge vt-badge-left">{text}</span>;
}
