/** The keys of `DetectionResultsUI` beyond those of every gallery. */
import type { DetectionResultsCommand } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "../picture/key-bindings.js";

const STEP = 0.05;

export function detectionKeys(send: (command: DetectionResultsCommand) => void): KeyBinding[] {
  const only = (correct: boolean, incorrect: boolean) => () => send({ type: "filter", filter: { correct, incorrect } });
  const score = (by: number) => () => send({ type: "scoreBy", by });
  return [
    { keys: ["c"], shown: "C", help: "Only pictures without a mistake", run: only(true, false) },
    { keys: ["i"], shown: "I", help: "Only pictures with a mistake", run: only(false, true) },
    { keys: ["b"], shown: "B", help: "Both", run: only(true, true) },
    { keys: ["s"], shown: "S", help: "The next order", run: () => send({ type: "nextOrder" }) },
    { keys: [","], shown: ",", help: "A lower score threshold", run: score(-STEP) },
    { keys: ["."], shown: ".", help: "A higher score threshold", run: score(STEP) },
    {
      keys: ["u"],
      shown: "U",
      help: "Unsure: to be looked at again, or not",
      run: () => send({ type: "flag", flag: "unsure" }),
    },
    { keys: ["x"], shown: "X", help: "Skip: to be left out, or not", run: () => send({ type: "flag", flag: "skip" }) },
  ];
}
