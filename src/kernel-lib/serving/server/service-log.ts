/** The service's log: a JSON object a line. Neither keys nor pictures are in it. */
import pino, { type Logger } from "pino";

import { LogFile, type LogFileOptions } from "./log-file.js";

export interface ServiceLog {
  logger: Logger;
  /** Resolves when its last line is written. */
  close: () => Promise<void>;
}

/** @param path undefined writes to standard output, which whoever runs a container keeps */
export function openServiceLog(
  path: string | undefined,
  service: string,
  options: Omit<LogFileOptions, "onLost"> = {},
): ServiceLog {
  const onLost = (lines: number) => logger.warn({ lines }, "lines of the log were lost: it could not be written");
  const file = new LogFile(path, { ...options, onLost });
  const logger = pino({ base: { service }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "message" }, file);
  return { logger, close: () => file.close() };
}
