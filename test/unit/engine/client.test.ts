import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EngineClient } from "../../../src/kernel-lib/engine/client.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";

const library = fileURLToPath(new URL("../../../src/kernel-lib/dist/index.js", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-client-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A client of a worker with this source; `port` and `message` are in scope for each message. */
function clientOf(onMessage: string): EngineClient {
  const path = join(folder, `worker-${Math.random()}.cjs`);
  const source = `const port = require("node:worker_threads").parentPort;\nport.on("message", (message) => { ${onMessage} });`;
  writeFileSync(path, source);
  return new EngineClient(path);
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("the engine's client", () => {
  it.each([
    ["throws", `throw new Error("out of luck")`, "out of luck"],
    ["exits", "process.exit(3)", "ended with code 3"],
  ])("fails what is under way when the worker %s, and starts another one", async (_, source, reason) => {
    const good = `port.postMessage({ id: message.id, kind: "result", result: { tensors: 7 } })`;
    const client = clientOf(`if (message.operation === "memory") ${good}; else { ${source} }`);
    const errors = await Promise.all([failure(client.request("info", null)), failure(client.request("info", null))]);
    for (const error of errors) {
      expect(isVitrineError(error, "EngineFailed")).toBe(true);
      expect((error as Error).message).toContain(reason);
    }
    expect(await client.request("memory", null)).toEqual({ tensors: 7 });
    await client.close();
  });

  it("fails with the error's own code and fields where the worker says them", async () => {
    const error = `{ code: "MissingFile", details: { path: "a.jpg", what: "a picture", reason: "there is none" }, message: "" }`;
    const client = clientOf(`port.postMessage({ id: message.id, kind: "error", error: ${error} })`);
    const caught = await failure(client.request("info", null));
    expect(isVitrineError(caught, "MissingFile") && caught.details.path).toBe("a.jpg");
    await client.close();
  });

  it("raises the flag that the worker sees when the signal fires", async () => {
    const watch = `const flag = new Int32Array(message.flag);
      const wait = () => Atomics.load(flag, 0) === 0 ? setTimeout(wait, 1) : port.postMessage({ id: message.id, kind: "result", result: Atomics.load(flag, 0) });
      wait();`;
    const client = clientOf(watch);
    const controller = new AbortController();
    const answer = client.request("info", null, { signal: controller.signal });
    controller.abort();
    expect(await answer).toBe(1);
    expect(await client.request("info", null, { signal: AbortSignal.abort() })).toBe(1);
    await client.close();
  });

  it("closed, asks what is under way to stop and lets the worker end by itself", async () => {
    const waiting = `const flag = new Int32Array(message.flag);
      const look = () => {
        if (Atomics.load(flag, 0) !== 1) { setTimeout(look, 5); return; }
        port.postMessage({ id: message.id, kind: "error", error: { message: "stopped in order" } });
        port.close();
      };
      port.postMessage({ id: message.id, kind: "event", event: { kind: "warning", message: "it is at work" } });
      look();`;
    const client = clientOf(`if (message !== "end") { ${waiting} }`);
    let request: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      request = failure(client.request("info", null, { onEvent: () => resolve() }));
    });
    await client.close();
    expect(String(await request)).toContain("stopped in order");
  });

  it("fails what is under way when it is closed", async () => {
    const client = clientOf("");
    const waiting = failure(client.request("info", null));
    await client.close();
    expect(isVitrineError(await waiting, "EngineFailed")).toBe(true);
  });

  it("says what to do where the worker was never built", async () => {
    const error = await failure(new EngineClient(join(folder, "none.js")).request("info", null));
    expect((error as Error).message).toContain("npm run setup");
  });

  it("fails an operation that the worker doesn't know", async () => {
    const client = new EngineClient();
    const error = await failure(client.request("dance" as "info", null));
    expect((error as Error).message).toContain("no such operation");
    await client.close();
  });

  it("leads from a failed operation to the line that asked for it", async () => {
    const client = new EngineClient();
    async function whoAsked() {
      await client.request("dance" as "info", null);
    }
    const error = await failure(whoAsked());
    expect((error as Error).stack).toMatch(/at (async )?whoAsked/);
    await client.close();
  });
});

describe("a plain Node script", () => {
  const run = (code: string, env = {}) =>
    spawnSync(process.execPath, ["-e", code], { encoding: "utf8", env: { ...process.env, ...env }, timeout: 110_000 });

  it("ends by itself when the engine has nothing left to do", () => {
    const { status, stdout } = run(
      `require(${JSON.stringify(library)}).engine.info().then((i) => console.log(i.backend))`,
    );
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: "tensorflow" });
  });

  it("gets raw tfjs in its own thread beside the engine's", () => {
    const tf = library.replace("index.js", "tf.js");
    const code = `const { tf } = require(${JSON.stringify(tf)});
      require(${JSON.stringify(library)}).engine.memory().then((m) => console.log(tf.matMul(tf.ones([1, 3]), tf.ones([3, 1])).dataSync()[0], m.tensors, tf.getBackend()))`;
    expect(run(code).stdout.trim()).toBe("3 0 tensorflow");
  });

  it("computes the same in raw tfjs on WebAssembly", () => {
    const tf = library.replace("index.js", "tf.js");
    const code = `const { tf } = require(${JSON.stringify(tf)});
      tf.ready().then(() => console.log(tf.matMul(tf.ones([1, 3]), tf.ones([3, 1])).dataSync()[0], tf.getBackend()))`;
    expect(run(code, { VITRINE_TENSORFLOW: "none" }).stdout.trim()).toBe("3 wasm");
  });
});
