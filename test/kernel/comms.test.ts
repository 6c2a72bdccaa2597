import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelClient, type Received } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.execute('const port = (globalThis as any)[Symbol.for("vitrine.kernel")];');
});
afterAll(async () => {
  await kernel.stop();
});

/** Opens a comm whose handler is `handler`, in a cell, and returns its id and the cell's. */
async function open(handler: string, extra = ""): Promise<{ id: string; cell: string; opened: Received }> {
  const run = await kernel.execute(
    `const channel = port.openComm("test", { a: 1 }, { metadata: { version: "2.1.0" }, listener: { onMessage: ${handler} ${extra} } }); channel.id`,
  );
  const opened = run.outputs.find(({ type }) => type === "comm_open");
  if (!opened) throw new Error(`No comm_open: ${JSON.stringify(run.reply)}`);
  return { id: opened.content.comm_id, cell: run.id, opened };
}

const sent = (id: string) => kernel.waitFor((m) => m.type === "comm_msg" && m.content.comm_id === id, "a comm_msg");
const isIdleOf = (id: string) => (m: Received) =>
  m.parent.msg_id === id && m.type === "status" && m.content.execution_state === "idle";

describe("a comm that a cell opens", () => {
  it("is announced with its data, metadata and the cell as parent", async () => {
    const { opened, cell, id } = await open("() => {}");
    expect(opened).toMatchObject({
      content: { target_name: "test", data: { a: 1 }, comm_id: id },
      metadata: { version: "2.1.0" },
      parent: { msg_id: cell },
    });
  });

  it("gives back binary buffers byte by byte, raw and unsigned", async () => {
    const { id } = await open(
      "(data: any, buffers: Uint8Array[]) => channel.send({ echo: data, sizes: buffers.map((b) => b.length) }, buffers)",
    );
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256);
    kernel.send(
      "comm_msg",
      { comm_id: id, data: { n: 7 } },
      { buffers: [bytes, new Uint8Array(0), Uint8Array.of(0, 255)] },
    );
    const echo = await sent(id);
    expect(echo.content.data).toEqual({ echo: { n: 7 }, sizes: [70_000, 0, 2] });
    expect(echo.buffers.map((buffer) => Buffer.from(buffer).equals(Buffer.from(bytes)))).toEqual([true, false, false]);
    expect([...(echo.buffers[2] ?? [])]).toEqual([0, 255]);
  });

  it("is served while a cell awaits, and idle is published for the message", async () => {
    const { id } = await open("(data: any) => { channel.send({ got: data.n }); }");
    const waiting = kernel.submit("await new Promise(() => {});");
    await kernel.waitFor((m) => m.parent.msg_id === waiting && m.type === "execute_input", "the cell's start");
    const message = kernel.send("comm_msg", { comm_id: id, data: { n: 1 } });
    expect((await sent(id)).content.data).toEqual({ got: 1 });
    await kernel.waitFor(isIdleOf(message), "idle for the comm_msg");
    const ended = kernel.received.some((m) => m.channel === "shell" && m.parent.msg_id === waiting);
    expect(ended).toBe(false);
    // The cell is still at work, and the last state that a front end hears says so.
    const isBusyAgain = (m: Received) =>
      m.type === "status" && m.content.execution_state === "busy" && m.parent.msg_id === waiting;
    await kernel.waitFor(
      (m) => isBusyAgain(m) && kernel.received.findIndex(isIdleOf(message)) < kernel.received.indexOf(m),
      "busy",
    );
    kernel.interruptBySignal();
    await kernel.finished(waiting);
  });

  it("shows an exception of its handler under the cell that opened it, thrown at once or later", async () => {
    const { id, cell } = await open(
      '(data: any) => { if (data.sync) throw new Error("at once"); return Promise.reject(new Error("later")); }',
    );
    for (const [data, message] of [
      [{ sync: true }, "at once"],
      [{}, "later"],
    ] as const) {
      kernel.send("comm_msg", { comm_id: id, data });
      const shown = await kernel.waitFor((m) => m.type === "error" && m.content.evalue === message, message);
      expect(shown.parent.msg_id).toBe(cell);
    }
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });

  it("prints what its handler prints under the cell that opened it", async () => {
    const { id, cell } = await open('() => console.log("clicked")');
    await kernel.execute("2");
    kernel.send("comm_msg", { comm_id: id, data: {} });
    const shown = await kernel.waitFor((m) => m.type === "stream" && m.content.text === "clicked\n", "the print");
    expect(shown.parent.msg_id).toBe(cell);
  });

  it("is listed by its target until it is closed, and hears of the close", async () => {
    const { id } = await open("() => {}", ', onClose: () => console.log("closed by the page")');
    const listed = await kernel.request("comm_info_request", { target_name: "test" });
    expect(listed.comms[id]).toEqual({ target_name: "test" });
    expect((await kernel.request("comm_info_request", { target_name: "other" })).comms).toEqual({});
    kernel.send("comm_close", { comm_id: id, data: {} });
    await kernel.waitFor((m) => m.type === "stream" && m.content.text === "closed by the page\n", "onClose");
    expect((await kernel.request("comm_info_request", {})).comms[id]).toBeUndefined();
  });
});

describe("a comm that the front end opens", () => {
  it("of an unknown target is closed again", async () => {
    kernel.send("comm_open", { comm_id: "stranger", target_name: "nobody", data: {} });
    const closed = await kernel.waitFor(
      (m) => m.type === "comm_close" && m.content.comm_id === "stranger",
      "the close",
    );
    expect(closed.content.data).toEqual({});
  });

  it("of a registered target is served by it", async () => {
    await kernel.execute(
      'port.registerTarget("mine", (channel: any, data: any) => ({ onMessage: (m: any) => channel.send({ ...data, ...m }) }))',
    );
    kernel.send("comm_open", { comm_id: "asked", target_name: "mine", data: { a: 1 } });
    kernel.send("comm_msg", { comm_id: "asked", data: { b: 2 } });
    expect((await sent("asked")).content.data).toEqual({ a: 1, b: 2 });
  });

  it("jupyter.widget.control answers request_states before any cell has imported anything", async () => {
    const fresh = await KernelClient.start();
    try {
      fresh.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
      fresh.send("comm_msg", { comm_id: "control", data: { method: "request_states" } });
      const answer = await fresh.waitFor((m) => m.type === "comm_msg" && m.content.comm_id === "control", "the states");
      expect(answer.content.data).toEqual({ method: "update_states", states: {}, buffer_paths: [] });
    } finally {
      await fresh.stop();
    }
  });

  it("jupyter.widget.control gives the state of a cell's widget, with its bytes", async () => {
    const run = await kernel.execute(
      'import { Figure } from "vitrine";\nnew Figure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], layout: {} })',
    );
    expect(run.reply.status).toBe("ok");
    const bundle = run.outputs.find(({ type }) => type === "execute_result")?.content.data;
    const view = bundle?.["application/vnd.jupyter.widget-view+json"] as { model_id: string };
    kernel.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    kernel.send("comm_msg", { comm_id: "control", data: { method: "request_states" } });
    const answer = await sent("control");
    const { states } = answer.content.data as { states: { [id: string]: { state: { [trait: string]: unknown } } } };
    expect(states[view.model_id]).toMatchObject({ model_module: "vitrine-widgets" });
    expect(states[view.model_id]?.state["_model_name"]).toMatch(/\w/);
    expect(bundle?.["text/html"]).toContain("<");
  });
});
