/** What of the base learns, and how. */
import { booleanOption, choiceOption, textOption } from "../structures/options.js";
import type { TrainSettings } from "./messages.js";
import { DEFAULT_BASE_RATE, type BaseRate } from "./stages.js";

export interface BaseOptions {
  /**
   * true (the default): only the head learns, from features that are computed once. With few pictures that is also the more
   * accurate way. false: the whole network learns. A stage's name: that one and those before it stay as they are, "layer3", say.
   */
  freeze?: boolean | string;
  /**
   * The rate of a base that learns in parts of the head's; 0.02 by default, so that it doesn't forget what it knows. By stage where
   * they differ: { layer3: 0.01, layer4: 0.1 }, and 0.02 for the others.
   */
  baseRate?: BaseRate;
  /** With freeze: false, "frozen" (the default) keeps batch norm's statistics, "live" takes each batch's own, in frozen stages too. */
  batchNorm?: "frozen" | "live";
}

export const BASE_OPTIONS = ["freeze", "baseRate", "batchNorm"] as const satisfies readonly (keyof BaseOptions)[];

/** Which stages there are is the network's matter: see stages.ts. */
export interface BaseSettings extends Pick<TrainSettings, "batchNorm"> {
  freeze: boolean | string;
  baseRate: BaseRate;
}

/** @throws InvalidOption */
export function baseSettings({ freeze = true, baseRate, batchNorm }: BaseOptions): BaseSettings {
  return {
    freeze: typeof freeze === "string" ? textOption("freeze", freeze) : booleanOption("freeze", freeze),
    baseRate: baseRate ?? DEFAULT_BASE_RATE,
    batchNorm: choiceOption("batchNorm", batchNorm ?? "frozen", ["frozen", "live"]),
  };
}
