/** What a gallery's commands will do, as far as one can tell from the page of pictures that is shown. */
import {
  pageOf,
  type BrowsingCommand,
  type BrowsingState,
  type MarkCommand,
  type MarkedRow,
} from "../../../kernel-lib/protocol/index.js";
import { chosenRow } from "./chosen-row.js";

/** Another picture of the page is chosen; undefined where the page turns. */
export function predictBrowsing<S extends BrowsingState>(state: S, command: BrowsingCommand): S | undefined {
  if (command.type !== "move" && command.type !== "select") return undefined;
  const wanted = command.type === "move" ? state.position + command.by : command.position;
  return predictPlace(state, wanted);
}

export function predictPlace<S extends BrowsingState>(state: S, wanted: number): S | undefined {
  const position = Math.min(state.matching - 1, Math.max(0, wanted));
  if (position === state.position) return state;
  const after = { ...state, position };
  return pageOf(after) === pageOf(state) ? after : undefined;
}

/** A flag or a note of one picture: that which the command names, else the chosen one. */
export function predictMark<S extends BrowsingState & { page: readonly MarkedRow[] }>(
  state: S,
  command: MarkCommand,
): S {
  if (command.type === "note") return changeRow(state, command.id, (row) => ({ ...row, note: command.text.trim() }));
  const { flag, id = chosenRow(state)?.id } = command;
  return changeRow(state, id, (row) => ({ ...row, flag: row.flag === flag ? null : flag }));
}

/** The state with another row for one picture of the page; the same state where that is none of its pictures. */
export function changeRow<S extends { page: readonly { id: number }[] }>(
  state: S,
  id: number | undefined,
  change: (row: S["page"][number]) => S["page"][number],
): S {
  if (!state.page.some((row) => row.id === id)) return state;
  return { ...state, page: state.page.map((row) => (row.id === id ? change(row) : row)) };
}
