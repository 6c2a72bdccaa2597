/** What a training may be told about ending early. */
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { EarlyStoppingSettings, Monitor } from "./best-epoch.js";

export interface EarlyStopping {
  /** Epochs without a better one, after which the training ends. */
  patience: number;
  /** By how much an epoch has to be better to count as such; 0 by default. */
  minDelta?: number;
  /** What is watched; by default "evalLoss" where there is an evaluation set, else "loss". */
  monitor?: Monitor;
}

const MONITORS = ["loss", "trainError", "evalLoss", "evalError"] as const;

/** @throws InvalidOption */
export function earlyStoppingSettings(given: EarlyStopping, evaluated: boolean): EarlyStoppingSettings {
  if (typeof given !== "object" || (given as unknown) === null) {
    const expected = "an object such as { patience: 5 }";
    throw new VitrineError("InvalidOption", { option: "earlyStopping", expected, received: quote(given) });
  }
  knownOptions("earlyStopping", given, ["patience", "minDelta", "monitor"]);
  const patience = integerOption("earlyStopping.patience", given.patience, 1);
  const minDelta = numberOption("earlyStopping.minDelta", given.minDelta ?? 0, 0, 1e6);
  const monitor = given.monitor ?? (evaluated ? "evalLoss" : "loss");
  if (!evaluated && monitor.startsWith("eval")) {
    const expected = '"loss" or "trainError", or an evalDataset beside it,';
    throw new VitrineError("InvalidOption", { option: "earlyStopping.monitor", expected, received: quote(monitor) });
  }
  return { patience, minDelta, monitor: choiceOption("earlyStopping.monitor", monitor, MONITORS) };
}
