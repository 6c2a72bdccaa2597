/**
 * The thread that an entry script runs in: loads it, calls its `init()`, then its `run()` for each request. Whatever the script does
 * here, the replica around it goes on and can end it.
 */
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

import { scriptJson } from "../scripts/script-json.js";
import { placeOf } from "../scripts/script-place.js";
import type { FromScript, ScriptStart, ToScript } from "./script-messages.js";

interface EntryScript {
  init?: unknown;
  run?: unknown;
}

const { file, modelDir, models } = workerData as ScriptStart;
const send = (message: FromScript) => parentPort?.postMessage(message);

async function main(): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is only known now, and the script is CommonJS
  const { init, run } = require(file) as EntryScript;
  if (typeof run !== "function") throw new TypeError("the script exports no function run()");
  if (init !== undefined && typeof init !== "function") throw new TypeError("the script's init is no function");
  await (init as ((start: object) => unknown) | undefined)?.({ modelDir, models });
  parentPort?.on(
    "message",
    (request: ToScript) => void answer(run as (body: unknown, context: object) => unknown, request),
  );
  send({ type: "ready" });
}

async function answer(
  run: (body: unknown, context: object) => unknown,
  { id, body, contentType, requestId }: ToScript,
): Promise<void> {
  const text = isText(contentType) ? Buffer.from(body).toString("utf8") : undefined;
  try {
    const returned: unknown = await run(text ?? body, { contentType, requestId });
    send({ type: "answer", id, json: scriptJson(returned) });
  } catch (error) {
    send({ type: "threw", id, ...describe(error, contentType, text) });
  }
}

/** JSON is what most send, and say so or nothing. */
const isText = (contentType: string) => !/^(image|audio|video)\/|octet-stream|multipart\//i.test(contentType);

function describe(error: unknown, contentType: string, text: string | undefined) {
  if (isBrokenJson(contentType, text)) {
    return { status: 400, message: "Expected JSON for the body", where: "" };
  }
  const status = (error as { status?: unknown } | null)?.status;
  const blamed = typeof status === "number" && Number.isInteger(status) && status >= 400 && status < 500;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    status: blamed ? status : undefined,
    message: blamed && error instanceof Error ? error.message : message,
    where: placeOf(error, dirname(file)),
  };
}

/** Looked at only once the script has thrown: it is most often what it threw at. */
function isBrokenJson(contentType: string, text: string | undefined): boolean {
  if (text === undefined || (contentType !== "" && !/json/i.test(contentType))) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // Uncaught, it would tell neither the script's name nor the line.
  throw new Error(`${message}${placeOf(error, dirname(file))}`);
});
