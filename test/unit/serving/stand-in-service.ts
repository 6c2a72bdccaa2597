/** A service over HTTP without replicas: its model says what it is told. */
import { Writable } from "node:stream";

import type { FastifyInstance } from "fastify";
import pino from "pino";

import { KeyRing, keysDocumentOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";
import type { Service } from "../../../src/kernel-lib/serving/server/service.js";
import { serviceServer } from "../../../src/kernel-lib/serving/server/service-server.js";
import { DEFAULT_SETTINGS, type ServiceSettings } from "../../../src/kernel-lib/serving/service-settings.js";
import { Dispatcher } from "../../../src/kernel-lib/serving/supervisor/dispatcher.js";
import type { Job, Outcome } from "../../../src/kernel-lib/serving/supervisor/job.js";
import { LABELS, StandInReplica } from "./stand-in-replica.js";

export const KEYS = { primary: "vk-first", secondary: "vk-second" };

export interface StandInService {
  app: FastifyInstance;
  service: Service;
  replica: StandInReplica;
  keys: KeyRing;
  /** What was logged. */
  log: string[];
}

/** A picture that says "bad" is none. */
export const byContent = (job: Job): Outcome =>
  "picture" in job.item && Buffer.from(job.item.picture).toString() === "bad"
    ? { ok: false, fault: "picture", code: "InvalidImage", reason: "picture: not a picture that can be read" }
    : StandInReplica.good();

export async function standInService(
  settings: Partial<ServiceSettings> = {},
  answer: ((job: Job) => Outcome | undefined) | undefined = byContent,
): Promise<StandInService> {
  const whole = { ...DEFAULT_SETTINGS, ...settings };
  const dispatcher = new Dispatcher({ queueSize: whole.queueSize, perReplica: 4 });
  const replica = new StandInReplica(answer);
  dispatcher.add(replica.process);
  const keys = new KeyRing(keysDocumentOf(KEYS));
  const service: Service = {
    name: "cups",
    settings: whole,
    dispatcher,
    keys,
    metadata: { kind: "classification", labels: LABELS, description: "a stand-in" },
    version: 1,
    startedAt: Date.now(),
    restarts: 0,
    replicas: () => ({ ready: 1, wanted: 1 }),
  };
  const log: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  return { app: await serviceServer(service, pino(stream), "0.0.0"), service, replica, keys, log };
}
