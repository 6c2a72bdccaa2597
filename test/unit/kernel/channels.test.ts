import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Subscriber } from "zeromq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Channels } from "../../../src/kernel-lib/kernel/channels.js";
import type { Connection } from "../../../src/kernel-lib/kernel/connection.js";
import { Wire } from "../../../src/kernel-lib/kernel/wire.js";

const PORTS = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-channels-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The topic of the first message that a client gets which was trying to connect before there was a kernel. */
async function firstTopic(connection: Connection, log: (line: string) => void): Promise<string> {
  const subscriber = new Subscriber({ reconnectInterval: 1, linger: 0, receiveTimeout: 10_000 });
  subscriber.connect(`ipc://${connection.ip}-${connection.iopub_port}`);
  subscriber.subscribe();
  const channels = new Channels(new Wire(connection.key), log);
  try {
    await channels.bind(connection);
    const [topic, delimiter] = await subscriber.receive();
    expect(delimiter?.toString()).toBe("<IDS|MSG>");
    return String(topic);
  } finally {
    channels.close();
    subscriber.close();
  }
}

describe("a client that waits for its kernel", () => {
  // Whoever subscribes between the binding and the next turn of the event loop is heard by chance: forty tries meet that case.
  it("is welcomed before it hears anything else", async () => {
    const lines: string[] = [];
    for (let round = 0; round < 40; round++) {
      const connection = { ...PORTS, transport: "ipc", ip: join(folder, String(round)), key: "a key" };
      expect(await firstTopic(connection, (line) => lines.push(line))).toBe("");
    }
    expect(lines).toEqual([]);
  });
});
