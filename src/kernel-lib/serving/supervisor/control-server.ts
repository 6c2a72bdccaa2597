/**
 * Orders to a running service, over a socket in its owner's folder: whoever can open it owns the service. Orders that change it wait for
 * each other and are on disk before they are answered.
 */
import { chmod, rm } from "node:fs/promises";

import fastify, { type FastifyInstance } from "fastify";
import { z } from "zod";

import { KEY_NAMES, type KeyName } from "../keys/service-keys.js";
import type { ServiceStatus } from "../service-status.js";

export interface ControlledService {
  status(): ServiceStatus;
  /** A key that works as long as the process lives, for its owner. */
  readonly ownerToken: string;
  scale(replicas: number): Promise<void>;
  update(version: number): Promise<void>;
  rollback(): Promise<void>;
  /** The new key, in clear. */
  rotateKey(name: KeyName): Promise<string>;
  revokeKey(name: KeyName): Promise<void>;
  stop(): void;
}

const keyBody = z.object({ name: z.enum(KEY_NAMES) });

export async function openControl(path: string, service: ControlledService): Promise<FastifyInstance> {
  const app = fastify({ logger: false });
  let changing: Promise<unknown> = Promise.resolve();
  const change = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = changing.then(work);
    changing = result.catch(() => undefined);
    return result;
  };
  app.get("/status", () => service.status());
  app.get("/owner-token", () => ({ token: service.ownerToken }));
  app.post("/scale", async ({ body }) => {
    const { replicas } = z.object({ replicas: z.number().int().min(1).max(64) }).parse(body);
    await change(() => service.scale(replicas));
    return service.status();
  });
  app.post("/update", async ({ body }) => {
    const { version } = z.object({ version: z.number().int().min(1) }).parse(body);
    await change(() => service.update(version));
    return service.status();
  });
  app.post("/rollback", async () => {
    await change(() => service.rollback());
    return service.status();
  });
  app.post("/rotate-key", async ({ body }) => {
    const { name } = keyBody.parse(body);
    return { key: await change(() => service.rotateKey(name)) };
  });
  app.post("/revoke-key", async ({ body }) => {
    const { name } = keyBody.parse(body);
    await change(() => service.revokeKey(name));
    return {};
  });
  app.post("/stop", () => {
    setImmediate(() => service.stop());
    return {};
  });
  // One that was left by a process that is gone.
  await rm(path, { force: true });
  await app.listen({ path });
  await chmod(path, 0o600);
  return app;
}
