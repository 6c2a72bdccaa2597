/** Services that answer one test, each closed after it, and what is sent to them. */
import type { AddressInfo } from "node:net";

import { afterEach } from "vitest";

import { KEYS, standInService, type StandInService } from "./stand-in-service.js";

export const authorization = `Bearer ${KEYS.primary}`;
export const json = { authorization, "content-type": "application/json" };
export const picture = (text = "good", parameters?: object) => ({
  image_in_base64: Buffer.from(text).toString("base64"),
  ...(parameters && { parameters }),
});

let open: StandInService[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ app }) => app.close()));
  open = [];
});

export async function service(...args: Parameters<typeof standInService>): Promise<StandInService> {
  const made = await standInService(...args);
  open.push(made);
  return made;
}

export async function listening(
  ...args: Parameters<typeof standInService>
): Promise<StandInService & { port: number }> {
  const made = await service(...args);
  await made.app.listen({ host: "127.0.0.1", port: 0 });
  return { ...made, port: (made.app.server.address() as AddressInfo).port };
}

export const post = (
  { app }: StandInService,
  payload: string | Buffer | object,
  headers: Record<string, string> = json,
) => app.inject({ method: "POST", url: "/score", headers, payload });
