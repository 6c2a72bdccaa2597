import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Outgoing } from "../../../src/kernel-lib/kernel/messages.js";
import { Output } from "../../../src/kernel-lib/kernel/output.js";

const scope = (id: string) => ({
  parent: { msg_id: id, msg_type: "execute_request", session: "", username: "", date: "", version: "" },
});

function setUp() {
  const sent: Outgoing[] = [];
  const state = { scope: scope("first") };
  const output = new Output({
    publish: (message) => sent.push(message),
    scope: () => state.scope,
    rewrite: (text) => text.replaceAll("secret", "shown"),
  });
  const texts = () => sent.map(({ content, parent }) => [parent?.msg_id, ...(Object.values(content) as string[])]);
  return { output, state, texts };
}

describe("output", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => vi.useRealTimers());

  it("sends the first text at once and gathers what follows within 50 ms", () => {
    const { output, texts } = setUp();
    vi.advanceTimersByTime(1000);
    output.write("stdout", "a");
    output.write("stdout", "b");
    output.write("stdout", "c");
    expect(texts()).toEqual([["first", "stdout", "a"]]);
    vi.advanceTimersByTime(50);
    expect(texts()).toEqual([
      ["first", "stdout", "a"],
      ["first", "stdout", "bc"],
    ]);
  });

  it("sends at once what a cell writes first, however lately another one wrote: synchronous code may come after it", () => {
    const { output, state, texts } = setUp();
    vi.advanceTimersByTime(1000);
    output.write("stdout", "a");
    state.scope = scope("second");
    output.write("stdout", "b");
    output.write("stdout", "c");
    expect(texts()).toEqual([
      ["first", "stdout", "a"],
      ["second", "stdout", "b"],
    ]);
  });

  it("begins a new message where the stream or the cell changes", () => {
    const { output, state, texts } = setUp();
    vi.advanceTimersByTime(1000);
    output.write("stdout", "now");
    output.write("stdout", "1");
    output.write("stderr", "2");
    state.scope = scope("second");
    output.write("stderr", "3");
    output.flush();
    expect(texts().slice(1)).toEqual([
      ["first", "stdout", "1"],
      ["first", "stderr", "2"],
      ["second", "stderr", "3"],
    ]);
  });

  it("rewrites the gathered text, and sends nothing for nothing", () => {
    const { output, texts } = setUp();
    vi.advanceTimersByTime(1000);
    output.write("stdout", "x");
    output.write("stdout", "sec");
    output.write("stdout", "ret");
    output.write("stdout", "");
    output.flush();
    output.flush();
    expect(texts().slice(1)).toEqual([["first", "stdout", "shown"]]);
  });
});
