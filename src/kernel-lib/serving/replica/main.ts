/**
 * A replica: one process with one model. Its main thread decodes and gathers, the engine computes in a thread of its own, so the
 * process answers its supervisor at once whatever the model does. It ends with its supervisor.
 */
import sharp from "sharp";

import { isVitrineError } from "../../structures/errors.js";
import { openServedModel } from "../models/open-served-model.js";
import type { ScoringItem, ServedModelMetadata } from "../models/served-model.js";
import { Batcher, type Scored } from "./batcher.js";
import type { FromReplica, ToReplica } from "./messages.js";
import { ScriptFailure, ScriptHost } from "./script-host.js";
import { warmUp } from "./warm-up.js";

const USAGE_INTERVAL = 500;

/** Codes that say that the picture is at fault. */
const PICTURE_FAULTS = new Set(["InvalidImage", "ImageTooLarge", "InvalidOption"]);

let batcher: Batcher | undefined;
let script: ScriptHost | undefined;
let underWay = 0;
let retiring = false;

function send(message: FromReplica): void {
  // A supervisor that is gone has no use for an answer.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

async function load(message: Extract<ToReplica, { type: "load" }>): Promise<void> {
  const { folder, batching, maxPixels } = message;
  if (message.script) {
    script = await ScriptHost.open(folder, message.script, (reason) => unfit(new Error(reason)));
    ready(script.metadata);
    return;
  }
  const model = await openServedModel(folder);
  const maxBatch = await warmUp(model, model.together ? batching.maxBatch : 1);
  batcher = new Batcher(model, { ...batching, maxBatch }, { maxPixels });
  ready(model.metadata);
}

/** With what it uses: whoever looks at a replica that can score finds its memory there. */
function ready(metadata: ServedModelMetadata): void {
  reportUsage();
  send({ type: "ready", metadata });
}

async function score({ id, item }: Extract<ToReplica, { type: "score" }>): Promise<void> {
  underWay++;
  try {
    send({ type: "answer", id, ...(await scored(item)) });
  } catch (error) {
    if (error instanceof ScriptFailure) {
      scriptFailed(id, error);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    if (isVitrineError(error) && PICTURE_FAULTS.has(error.code))
      send({ type: "refused", id, code: error.code, reason });
    else send({ type: "failed", id, reason });
  } finally {
    underWay--;
    endIfDone();
  }
}

async function scored(item: ScoringItem): Promise<Scored> {
  const answer = "picture" in item ? batcher?.score(item) : script?.score(item);
  if (!answer) throw new Error("the model is not loaded yet");
  return answer;
}

function scriptFailed(id: number, { fault }: ScriptFailure): void {
  const ends = script?.ended === true;
  send({ type: "script failed", id, fault, ends });
  if (ends) unfit(new Error(fault.reason));
}

function endIfDone(): void {
  if (retiring && underWay === 0) process.disconnect();
}

function receive(message: ToReplica): void {
  if (message.type === "load") load(message).catch(unfit);
  else if (message.type === "score") void score(message);
  else {
    retiring = true;
    endIfDone();
  }
}

function unfit(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.send?.({ type: "unfit", reason } satisfies FromReplica, () => process.exit(1));
}

function reportUsage(): void {
  const { user, system } = process.cpuUsage();
  send({ type: "usage", usage: { cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() } });
}

// Many pictures at once, each by one thread, is quicker than one after the other by several; and a cache would only grow.
sharp.concurrency(1);
sharp.cache(false);
process.on("message", receive);
process.on("disconnect", () => process.exit(0));
// Ctrl+C in a terminal reaches the whole group; the supervisor says when it is over.
process.on("SIGINT", () => undefined);
setInterval(reportUsage, USAGE_INTERVAL).unref();
