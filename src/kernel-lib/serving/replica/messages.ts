/** What a supervisor and its replicas say to each other, over the channel that Node gives a forked process. */
import type { ScriptLimits } from "../service-settings.js";
import type { ScoringItem, Scores, ServedModelMetadata } from "../models/served-model.js";

export interface BatchingSettings {
  /** Pictures that are computed together at most. */
  maxBatch: number;
  /** Milliseconds that a picture waits for others at most while the model is free. */
  maxDelay: number;
}

export type ToReplica =
  | { type: "load"; folder: string; batching: BatchingSettings; maxPixels: number; script: ScriptLimits | null }
  | { type: "score"; id: number; item: ScoringItem }
  /** Finish what is under way, then end. */
  | { type: "retire" };

/** Milliseconds that a picture spent where. */
export interface ScoringTimes {
  decode: number;
  /** Between the decoding and the model. */
  wait: number;
  model: number;
  /** Pictures that were computed with it, itself included. */
  batch: number;
}

/** A replica's use of the machine since it began. */
export interface ReplicaUsage {
  cpuSeconds: number;
  memoryBytes: number;
}

/** Why an entry script gave no answer. */
export interface ScriptFault {
  /** HTTP's. */
  status: number;
  code: string;
  /** For the service's owner and its log. */
  reason: string;
  /** For everybody else, where `reason` is not. */
  publicReason?: string;
}

export type FromReplica =
  | { type: "ready"; metadata: ServedModelMetadata }
  /** The model can't be served; the process ends. */
  | { type: "unfit"; reason: string }
  | { type: "answer"; id: number; scores: Scores; times: ScoringTimes }
  /** It is the picture's fault. */
  | { type: "refused"; id: number; code: string; reason: string }
  /** It is the script's, or its limits'. `ends`: the replica is no good any more and ends. */
  | { type: "script failed"; id: number; fault: ScriptFault; ends: boolean }
  /** It is nobody's of these. */
  | { type: "failed"; id: number; reason: string }
  | { type: "usage"; usage: ReplicaUsage };
