import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { processStart } from "../../src/kernel-lib/serving/supervisor/process-identity.js";
import { KERNEL_MAIN, KernelClient, plainTraceback } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(async () => {
  await kernel.stop();
});

/** Not endless: a test that fails must not keep the kernel from the next one. */
const SPIN = 'console.log("up"); for (const end = Date.now() + 60_000; Date.now() < end;);';

const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];

/** What starts a kernel as Jupyter does, and waits. */
const PARENT = `
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
  require("node:child_process").spawn(process.execPath, process.argv.slice(1), { env, stdio: "inherit" });
`;

/** One that has ended and that nobody has asked for its exit status is there, and runs no more. */
const isRunning = async (pid: number) => (await processStart(pid)) !== undefined;

async function started(id: string): Promise<void> {
  await kernel.waitFor((m) => m.parent.msg_id === id && m.type === "stream", "the cell's first output");
}

/** A signal just at the end of a cell's synchronous part is lost by Node: this kernel is past it when it answers on shell. */
async function awaits(id: string): Promise<void> {
  await started(id);
  await kernel.request("kernel_info_request", {});
}

describe("an interrupt", () => {
  it.each([
    ["of a cell that awaits what never comes", 'console.log("up"); await new Promise(() => {});', awaits],
    ["of a long synchronous loop", SPIN, started],
    ["of a loop that yields", 'console.log("up"); for (;;) await new Promise((r) => setTimeout(r, 5));', awaits],
  ])("%s ends it, by signal and by interrupt_request, and the kernel lives", async (_, code, isThere) => {
    const byRequest = () => kernel.request("interrupt_request", {}, "control");
    const bySignal = () => Promise.resolve(kernel.child.kill("SIGINT"));
    for (const interrupt of [bySignal, byRequest]) {
      const id = kernel.submit(code);
      await isThere(id);
      await interrupt();
      const { reply } = await kernel.finished(id);
      expect(reply).toMatchObject({ status: "error", ename: "Interrupted", evalue: "The cell was interrupted" });
      expect(plainTraceback(reply)).toBe("Interrupted: The cell was interrupted");
    }
    const after = await kernel.execute("1 + 1");
    expect(after.reply.status).toBe("ok");
  });

  it("fires the cell's AbortSignal, and lets what listens to it end by itself", async () => {
    const id = kernel.submit(
      'const signal = (globalThis as any)[Symbol.for("vitrine.kernel")].cellSignal; console.log("up");\n' +
        'await new Promise((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, 200))); "kept the best weights"',
    );
    await awaits(id);
    kernel.interruptBySignal();
    const { reply, outputs } = await kernel.finished(id);
    expect(reply.status).toBe("ok");
    expect(outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toContain(
      "kept the best",
    );
  });

  it("does not wait for a listener that never ends, and not at all the second time", async () => {
    const code =
      'const s = (globalThis as any)[Symbol.for("vitrine.kernel")].cellSignal; console.log("up", s.aborted); await new Promise(() => {});';
    const first = kernel.submit(code);
    await awaits(first);
    kernel.interruptBySignal();
    expect((await kernel.finished(first)).reply.ename).toBe("Interrupted");
    const second = kernel.submit(code);
    await awaits(second);
    kernel.interruptBySignal();
    await sleep(300);
    kernel.interruptBySignal();
    expect((await kernel.finished(second)).reply.ename).toBe("Interrupted");
  });

  it("of an idle kernel does nothing", async () => {
    kernel.interruptBySignal();
    expect((await kernel.request("interrupt_request", {}, "control")).status).toBe("ok");
    // Whoever answers here has heard both: what is sent now comes after them.
    await kernel.request("kernel_info_request", {});
    expect((await kernel.execute("3")).reply.status).toBe("ok");
  });
});

describe("cells in a queue", () => {
  it("run in order, and are aborted behind one that fails", async () => {
    const ids = ['const a = await input("go?");', 'throw new Error("stop here")', 'console.log("never")', "2"].map(
      (code) => kernel.submit(code),
    );
    // All of them are there before the first goes on.
    await kernel.request("kernel_info_request", {});
    await kernel.waitFor((m) => m.channel === "stdin" && m.content.prompt === "go?", "the question");
    kernel.send("input_reply", { status: "ok", value: "yes" }, { channel: "stdin" });
    const runs = [];
    for (const id of ids) runs.push(await kernel.finished(id));
    expect(runs.map(({ reply }) => reply.status)).toEqual(["ok", "error", "aborted", "aborted"]);
    expect(kernel.text(ids[2] ?? "")).toBe("");
    expect((await kernel.execute("a")).reply.status).toBe("ok");
  });

  it("go on behind one that fails with stop_on_error false", async () => {
    const failing = kernel.submit('throw new Error("go on")', { stop_on_error: false });
    const next = kernel.submit("2");
    expect((await kernel.finished(failing)).reply.status).toBe("error");
    expect((await kernel.finished(next)).reply.status).toBe("ok");
  });

  it("are not aborted when they were sent after the error was known", async () => {
    for (let i = 0; i < 5; i += 1) {
      expect((await kernel.execute("throw 1")).reply.status).toBe("error");
      expect((await kernel.execute("2")).reply.status).toBe("ok");
    }
  });
});

describe("input", () => {
  const question = (id: string) => kernel.waitFor((m) => m.channel === "stdin" && m.parent.msg_id === id, "a question");

  it("asks the front end and gives the answer to the cell, one question at a time", async () => {
    const id = kernel.submit('const [a, b] = await Promise.all([input("a?"), input("b?", { password: true })]); a + b');
    expect((await question(id)).content).toEqual({ prompt: "a?", password: false });
    kernel.send("input_reply", { status: "ok", value: "first " }, { channel: "stdin" });
    const second = await kernel.waitFor(
      (m) => m.channel === "stdin" && m.content.prompt === "b?",
      "the second question",
    );
    expect(second.content.password).toBe(true);
    kernel.send("input_reply", { status: "ok", value: "second" }, { channel: "stdin" });
    const { outputs } = await kernel.finished(id);
    expect(outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("'first second'");
  });

  it("fails where the front end can't be asked", async () => {
    const { reply } = await kernel.execute('await input("name?")', { allow_stdin: false });
    expect(reply).toMatchObject({
      status: "error",
      evalue: "Nobody can be asked here: the front end does not allow input",
    });
  });

  it("is given up by an interrupt", async () => {
    const id = kernel.submit('await input("name?")');
    await question(id);
    kernel.interruptBySignal();
    expect((await kernel.finished(id)).reply.ename).toBe("Interrupted");
  });
});

describe("what does not belong to the session", () => {
  it("is dropped, unanswered and unrun: a wrong key, a changed frame, garbage", async () => {
    const forged = kernel.send("execute_request", { code: "globalThis.forged = 1" }, { key: "another" });
    kernel.sendFrames([Buffer.from("no"), Buffer.from("message")]);
    kernel.sendFrames([
      Buffer.from("<IDS|MSG>"),
      Buffer.alloc(64, 97),
      ...["{}", "{}", "{}", "{}"].map((p) => Buffer.from(p)),
    ]);
    kernel.sendFrames([Buffer.from("<IDS|MSG>")], "control");
    const after = await kernel.execute("(globalThis as any).forged");
    expect(after.reply.status).toBe("ok");
    expect(after.outputs.some(({ type }) => type === "execute_result")).toBe(false);
    expect(kernel.outputsOf(forged)).toEqual([]);
    const told = () => (kernel.terminal.includes("wrong signature") ? true : undefined);
    await kernel.until(told, "the kernel's word on the wrong signature");
  });

  it("gets an error where the request is unknown", async () => {
    expect(await kernel.request("make_coffee_request", {})).toMatchObject({ status: "error", ename: "NotImplemented" });
  });
});

describe("the kernel's life", () => {
  it("answers heartbeats while a cell keeps the main thread busy", async () => {
    const id = kernel.submit(SPIN);
    await started(id);
    expect(await kernel.heartbeat("are you there")).toBe("are you there");
    expect(kernel.received.some((m) => m.channel === "shell" && m.parent.msg_id === id)).toBe(false);
    kernel.interruptBySignal();
    expect((await kernel.finished(id)).reply.ename).toBe("Interrupted");
  });

  it.each([true, false])("ends by shutdown_request, told whether it restarts (%s)", async (restart) => {
    const mortal = await KernelClient.start();
    // Its compiler is there, and it has nothing to do: one that is too busy to hear is killed after a while.
    await mortal.execute("1");
    const ended = once(mortal.child, "exit");
    expect(await mortal.request("shutdown_request", { restart }, "control")).toEqual({ status: "ok", restart });
    expect((await ended)[0]).toBe(0);
    const told = await mortal.waitFor(
      (m) => m.channel === "iopub" && m.type === "shutdown_reply",
      "the shutdown's notice",
    );
    expect(told.content).toEqual({ status: "ok", restart });
    await mortal.stop();
  });

  it("does not start without a connection file that says all, and names what is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vitrine-connection-"));
    const file = join(folder, "connection.json");
    const start = () => promisify(execFile)(process.execPath, [KERNEL_MAIN, file]).catch((error: unknown) => error);
    const whole = {
      ip: "127.0.0.1",
      transport: "tcp",
      key: "k",
      iopub_port: 1,
      stdin_port: 2,
      control_port: 3,
      hb_port: 4,
    };
    try {
      expect(String(await start())).toContain("expected Jupyter's connection file, but");
      writeFileSync(file, JSON.stringify({ ...whole, shell_port: "five" }));
      expect(String(await start())).toContain('shell_port: expected a port number but found "five"');
      writeFileSync(file, JSON.stringify({ ...whole, shell_port: 5, signature_scheme: "hmac-md5" }));
      expect(String(await start())).toContain('signature_scheme: expected hmac-sha256 but found "hmac-md5"');
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const shell_port = (taken.address() as AddressInfo).port;
      writeFileSync(file, JSON.stringify({ ...whole, ...Object.fromEntries(PORTS.map((name) => [name, shell_port])) }));
      expect(String(await start())).toMatch(/could not start: .*Address already in use/);
      taken.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("ends soon after the Jupyter that started it was killed", async () => {
    const jupyter = await KernelClient.startOther((file) => ["-e", PARENT, KERNEL_MAIN, file]);
    const { content } = await jupyter.waitFor((m) => m.type === "kernel_info_reply", "the kernel's answer");
    expect(content.status).toBe("ok");
    const { outputs } = await jupyter.execute("process.pid");
    const pid = Number(outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"]);
    expect(await isRunning(pid)).toBe(true);
    jupyter.child.kill("SIGKILL");
    await expect.poll(() => isRunning(pid), { timeout: 120_000, interval: 100 }).toBe(false);
    await jupyter.stop();
  });

  it("ends by shutdown_request even where a cell takes its own end as an occasion to spin", async () => {
    const mortal = await KernelClient.start();
    const id = mortal.submit(
      'const kernel = (globalThis as any)[Symbol.for("vitrine.kernel")];\n' +
        'kernel.cellSignal.addEventListener("abort", () => { for (;;); }); console.log("up"); await new Promise(() => {});',
    );
    await mortal.waitFor((m) => m.parent.msg_id === id && m.type === "stream", "the cell's first output");
    const ended = once(mortal.child, "exit");
    await mortal.request("shutdown_request", { restart: false }, "control");
    expect((await ended)[1]).toBe("SIGKILL");
    await mortal.stop();
  });

  it("ends by shutdown_request even while a cell spins", async () => {
    const mortal = await KernelClient.start();
    const id = mortal.submit(SPIN);
    await mortal.waitFor((m) => m.parent.msg_id === id && m.type === "stream", "the cell's first output");
    const ended = once(mortal.child, "exit");
    await mortal.request("shutdown_request", { restart: false }, "control");
    expect((await ended)[1]).toBe("SIGKILL");
    await mortal.stop();
  });
});
