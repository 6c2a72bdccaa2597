/** One picture on its way through the service. */
import type { Scores, ScoringItem } from "../models/served-model.js";
import type { ScoringTimes, ScriptFault } from "../replica/messages.js";

export type Outcome =
  | { ok: true; scores: Scores; times: ScoringTimes; version: number; labels: readonly string[] }
  | { ok: false; fault: "picture"; code: string; reason: string }
  | ({ ok: false; fault: "script" } & ScriptFault)
  | { ok: false; fault: "service"; reason: string };

export interface Job {
  id: number;
  item: ScoringItem;
  /** Of the model that is to score it, while a replica has that one; undefined where it does not matter. */
  version: number | undefined;
  /** Replicas that had it. */
  tries: number;
  /** Nobody waits for it any more. */
  abandoned: boolean;
  settle: (outcome: Outcome) => void;
}
