/** The keys of `ResultsUI` beyond those of every gallery. */
import type { ResultsCommand, ResultsState } from "../../../kernel-lib/protocol/index.js";
import { chosenRow } from "../picture/chosen-row.js";
import type { KeyBinding } from "../picture/key-bindings.js";

export function filterKeys(state: ResultsState, send: (command: ResultsCommand) => void): KeyBinding[] {
  const only = (correct: boolean, incorrect: boolean) => () => send({ type: "filter", filter: { correct, incorrect } });
  const { filter, doubtful } = state;
  return [
    { keys: ["c"], shown: "C", help: "Only what is correct", run: only(true, false) },
    { keys: ["i"], shown: "I", help: "Only what is incorrect", run: only(false, true) },
    { keys: ["b"], shown: "B", help: "Both", run: only(true, true) },
    { keys: ["s"], shown: "S", help: "The next order", run: () => send({ type: "nextOrder" }) },
    {
      keys: ["u"],
      shown: "U",
      help: "Unsure: to be looked at again, or not",
      run: () => send({ type: "flag", flag: "unsure" }),
    },
    { keys: ["x"], shown: "X", help: "Skip: to be left out, or not", run: () => send({ type: "flag", flag: "skip" }) },
    ...(doubtful === null
      ? []
      : [
          {
            keys: ["d"],
            shown: "D",
            help: "Only doubtful labels, or all",
            run: () => send({ type: "filter", filter: { doubtful: !filter.doubtful } }),
          },
          { keys: ["a"], shown: "A", help: "Accept the label that is suggested", run: () => accept(state, send) },
        ]),
  ];
}

function accept(state: ResultsState, send: (command: ResultsCommand) => void): void {
  const row = chosenRow(state);
  if (row && row.suggested !== null) send({ type: "acceptLabel", id: row.id });
}
