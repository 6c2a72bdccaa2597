/** Makes the requests in a thread of its own: what a notebook does meanwhile must not be in the figures. */
import { parentPort, workerData } from "node:worker_threads";

import { LoadGenerator } from "./generator.js";
import type { FromGenerator, LoadOrder } from "./messages.js";

const PROGRESS_INTERVAL = 500;

async function run({ target, settings }: LoadOrder): Promise<void> {
  const generator = new LoadGenerator(target, settings);
  const send = (message: FromGenerator) => parentPort?.postMessage(message);
  parentPort?.once("message", () => generator.stop());
  const report = () => send({ type: "progress", elapsed: generator.elapsed, measured: generator.measured });
  const timer = setInterval(report, PROGRESS_INTERVAL);
  const measured = await generator.run();
  clearInterval(timer);
  send({ type: "done", measured });
  parentPort?.close();
}

void run(workerData as LoadOrder);
