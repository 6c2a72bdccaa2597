/**
 * Keeps a service and its clients on cores of their own, as they are in life: on the same ones the clients take what the service needs, the
 * more the faster it refuses. By Linux's `taskset`; elsewhere, and on a single core, they stay together.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

const COUNT = availableParallelism();
const HALF = COUNT >> 1;

function place(first, last) {
  try {
    execFileSync("taskset", ["-a", "-p", "-c", `${first}-${last}`, String(process.pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Whether a service and its clients can be kept apart. */
export const apart = HALF > 0 && place(0, COUNT - 1);

/** Cores that a service has while its clients have the others. */
export const serviceCores = apart ? HALF : COUNT;

/** What `start` starts runs on the first half of the cores, this process from then on on the other, until `together` is called. */
export async function startApart(start) {
  if (apart) place(0, HALF - 1);
  try {
    return await start();
  } finally {
    if (apart) place(HALF, COUNT - 1);
  }
}

export function together() {
  if (apart) place(0, COUNT - 1);
}
