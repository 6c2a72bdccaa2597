/** The service's log: a JSON object a line, in a file that never grows beyond its limit. Neither keys nor pictures are in it. */
import { renameSync, statSync } from "node:fs";

import pino, { type Logger } from "pino";

/** Bytes of the running file; one older file is kept beside it. */
const MAX_BYTES = 8 * 2 ** 20;
const CHECK_INTERVAL = 10_000;

export interface ServiceLog {
  logger: Logger;
  close: () => void;
}

/** @param path undefined writes to standard output, which whoever runs a container keeps */
export function openServiceLog(path: string | undefined, service: string): ServiceLog {
  const destination = pino.destination({ dest: path ?? 1, sync: false, mkdir: true, minLength: 0 });
  const logger = pino(
    { base: { service }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "message" },
    destination,
  );
  const close = () => destination.flushSync();
  if (path === undefined) return { logger, close };
  const timer = setInterval(() => {
    if (sizeOf(path) < MAX_BYTES) return;
    renameSync(path, `${path}.1`);
    destination.reopen(path);
  }, CHECK_INTERVAL);
  timer.unref();
  return {
    logger,
    close: () => {
      clearInterval(timer);
      close();
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
