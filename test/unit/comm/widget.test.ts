import { inspect } from "node:util";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { installKernelPort, JUPYTER_DISPLAY, type JsonObject } from "../../../src/kernel-lib/comm/port.js";
import { serveWidgetControl } from "../../../src/kernel-lib/comm/widget-control.js";
import { Widget, type StaticView } from "../../../src/kernel-lib/comm/widget.js";
import { RecordingKernel } from "./recording-kernel.js";

interface CounterState {
  count: number;
  picture: Uint8Array;
}

interface Step {
  by: number;
}

class Counter extends Widget<CounterState, Step, { type: "stepped" }> {
  readonly changes: Partial<CounterState>[] = [];
  constructor() {
    super("Figure", { count: 0, picture: Uint8Array.of(1, 2) });
  }
  get count(): number {
    return this.state.count;
  }
  protected override onCommand({ by }: Step): void {
    if (by === 0) throw new Error("a step of nothing");
    this.set({ count: this.state.count + by });
    this.send({ type: "stepped" }, [Uint8Array.of(9)]);
  }
  protected override onChange(changed: Partial<CounterState>): void {
    this.changes.push(changed);
  }
  protected override staticView(): StaticView {
    return { html: `<b>${this.count}</b>`, text: `count ${this.count}`, png: Uint8Array.of(137) };
  }
  async refresh(): Promise<void> {
    await this.refreshStatic();
  }
}

let kernel: RecordingKernel;
let counter: Counter;

beforeEach(() => {
  kernel = new RecordingKernel();
  counter = new Counter();
});

afterEach(() => {
  counter.close();
  installKernelPort(undefined);
});

it("opens its comm once, with its traits, its bytes and the protocol's version", async () => {
  const bundle = await counter[JUPYTER_DISPLAY]();
  await counter[JUPYTER_DISPLAY]();
  expect(kernel.opened).toHaveLength(1);
  const [{ comm, data, buffers, metadata } = { comm: "", data: {}, buffers: [], metadata: {} }] = kernel.opened;
  expect(comm).toBe(counter.id);
  expect(metadata).toEqual({ version: "2.1.0" });
  expect(data).toMatchObject({
    target: "jupyter.widget",
    state: { _model_name: "FigureModel", _view_name: "FigureView", _model_module: "vitrine-widgets", count: 0 },
    buffer_paths: [["picture"]],
  });
  expect(buffers).toEqual([Uint8Array.of(1, 2)]);
  expect(bundle).toEqual({
    "text/plain": "count 0",
    "text/html": "<b>0</b>",
    "image/png": Buffer.of(137).toString("base64"),
    "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: counter.id },
  });
});

it("obeys a command, and sends the state and an event with its bytes", async () => {
  await counter[JUPYTER_DISPLAY]();
  await kernel.receive(counter.id, { method: "custom", content: { by: 3 } });
  expect(counter.count).toBe(3);
  expect(kernel.sent.map(({ data }) => data)).toEqual([
    { method: "update", state: { count: 3 }, buffer_paths: [] },
    { method: "custom", content: { type: "stepped" } },
  ]);
  expect(kernel.sent[1]?.buffers).toEqual([Uint8Array.of(9)]);
});

it("takes what the browser set, bytes included, and echoes it; a trait that it does not have is left out", async () => {
  await counter[JUPYTER_DISPLAY]();
  const state = { count: 7, foreign: true, constructor: "x" };
  await kernel.receive(counter.id, { method: "update", state, buffer_paths: [["picture"]] }, [Uint8Array.of(5)]);
  expect(counter.changes).toEqual([{ count: 7, picture: Uint8Array.of(5) }]);
  expect(kernel.sent).toHaveLength(1);
  expect(kernel.sent[0]).toMatchObject({
    data: { method: "echo_update", state: { count: 7 }, buffer_paths: [["picture"]] },
    buffers: [Uint8Array.of(5)],
  });
});

it("answers request_state with the whole state", async () => {
  await counter[JUPYTER_DISPLAY]();
  await kernel.receive(counter.id, { method: "request_state" });
  expect(kernel.sent[0]?.data).toMatchObject({ method: "update", state: { count: 0, _view_name: "FigureView" } });
});

it("hands a callback's error to the kernel, and lives on", async () => {
  await counter[JUPYTER_DISPLAY]();
  await expect(kernel.receive(counter.id, { method: "custom", content: { by: 0 } })).rejects.toThrow(
    "a step of nothing",
  );
  await kernel.receive(counter.id, { method: "custom", content: { by: 1 } });
  expect(counter.count).toBe(1);
});

it("answers a reloaded page's request_states for every open widget, and for none that was closed", async () => {
  serveWidgetControl();
  const other = new Counter();
  await counter[JUPYTER_DISPLAY]();
  await other[JUPYTER_DISPLAY]();
  other.close();
  await kernel.openFromFrontEnd("jupyter.widget.control", "control");
  await kernel.receive("control", { method: "request_states" });
  const answer = kernel.sent.find(({ comm }) => comm === "control");
  expect(answer?.data).toMatchObject({
    method: "update_states",
    states: { [counter.id]: { model_name: "FigureModel", model_module: "vitrine-widgets", state: { count: 0 } } },
    buffer_paths: [[counter.id, "state", "picture"]],
  });
  expect(Object.keys(answer?.data["states"] ?? {})).toEqual([counter.id]);
  expect(answer?.buffers).toEqual([Uint8Array.of(1, 2)]);
  expect(kernel.closed).toEqual([other.id]);
});

it("keeps what the notebook holds up to date only where it was shown", async () => {
  await counter.refresh();
  expect(kernel.displays).toEqual([]);
  await counter.show();
  await kernel.receive(counter.id, { method: "custom", content: { by: 2 } });
  await counter.refresh();
  expect(kernel.displays.map(({ options }) => options)).toEqual([
    { displayId: counter.id },
    { displayId: counter.id, update: true },
  ]);
  expect(kernel.displays[1]?.bundle["text/html"]).toBe("<b>2</b>");
});

it("without a kernel prints its text, and says which kernel makes it live", async () => {
  installKernelPort(undefined);
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  await counter.show();
  write.mockRestore();
  expect(written.join("")).toMatch(/^count 0\n.*vitrine kernel/);
  expect(inspect(counter)).toMatch(/vitrine kernel/);
  const bundle = await counter[JUPYTER_DISPLAY]();
  expect(bundle["application/vnd.jupyter.widget-view+json"]).toBeUndefined();
});

it("says with the state which command of which view it has come to, also where it refused it or nothing changed", async () => {
  await counter[JUPYTER_DISPLAY]();
  const command = (content: JsonObject) => kernel.receive(counter.id, { method: "custom", content });
  const states = () => kernel.sent.flatMap(({ data }) => (data["method"] === "update" ? [data["state"]] : []));
  await command({ by: 1, receipt: { view: "a", number: 1 } });
  expect(states()).toEqual([{ count: 1, handled: { a: 1 } }]);
  await command({ by: 1 });
  expect(states()[1]).toEqual({ count: 2 });
  await expect(command({ by: 0, receipt: { view: "b", number: 4 } })).rejects.toThrow("a step of nothing");
  expect(states()[2]).toEqual({ handled: { a: 1, b: 4 } });
  // What is no receipt is none.
  await command({ by: 1, receipt: { view: 3 } });
  expect(states().slice(3)).toEqual([{ count: 3 }]);
});

it("forgets the receipts of views that are long gone", async () => {
  await counter[JUPYTER_DISPLAY]();
  for (let i = 0; i < 40; i++) {
    const receipt = { view: `view ${i}`, number: 1 };
    await kernel.receive(counter.id, { method: "custom", content: { by: 1, receipt } });
  }
  const last = kernel.sent.findLast(({ data }) => data["method"] === "update")?.data["state"] as { handled: object };
  expect(Object.keys(last.handled)).toHaveLength(32);
  expect(last.handled).toHaveProperty("view 39");
});
