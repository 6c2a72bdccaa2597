/** The keys of `ResultsUI` beyond those of every gallery. */
import type { ResultsCommand, ResultsState } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "../picture/key-bindings.js";

export function filterKeys(state: ResultsState, send: (command: ResultsCommand) => void): KeyBinding[] {
  const only = (correct: boolean, incorrect: boolean) => () =>
    send({ type: "filter", filter: { ...state.filter, correct, incorrect } });
  return [
    { keys: ["c"], shown: "C", help: "Only what is correct", run: only(true, false) },
    { keys: ["i"], shown: "I", help: "Only what is incorrect", run: only(false, true) },
    { keys: ["b"], shown: "B", help: "Both", run: only(true, true) },
    { keys: ["s"], shown: "S", help: "The next order", run: () => send({ type: "nextOrder" }) },
  ];
}
