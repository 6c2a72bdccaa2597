import { afterEach, expect, test } from "vitest";
import { installKernelPort, type DisplayOptions, type MimeBundle } from "../../../src/kernel-lib/comm/port.js";
import { setDefaultWorkWatcher, workWatcher } from "../../../src/kernel-lib/data/work-watcher.js";
import { WorkLine } from "../../../src/kernel-lib/ui/work-line.js";

afterEach(() => {
  installKernelPort(undefined);
  setDefaultWorkWatcher(undefined);
});

/** 1,000 pictures, one every 20 ms. */
function worked(line: WorkLine, advance: (milliseconds: number) => void, count = 1000): void {
  for (let done = 1; done <= count; done++) {
    advance(20);
    line.onProgress({ done, total: 1000 });
  }
  line.onEnd();
}

test("a notebook gets one bar that fills, and says how long is left, then how long it took", () => {
  const shown: { text: unknown; html: unknown; options: DisplayOptions | undefined }[] = [];
  const display = (bundle: MimeBundle, options?: DisplayOptions) => {
    shown.push({ text: bundle["text/plain"], html: bundle["text/html"], options });
  };
  installKernelPort({ display } as never);
  let now = 0;
  worked(new WorkLine("Augmenting", { now: () => now }), (milliseconds) => (now += milliseconds));
  expect(shown[0]).toMatchObject({ text: "Augmenting: 13 of 1000, about 20 s left", options: { update: false } });
  expect(shown[0]?.html).toContain('<progress max="1000" value="13"');
  expect(shown.at(-1)).toMatchObject({ text: "Augmenting: 1000 of 1000, in 20 s", options: { update: true } });
  expect(new Set(shown.map(({ options }) => options?.displayId)).size).toBe(1);
  expect(shown.length).toBeLessThan(100);
});

test("work that ends before all is done says that it was stopped, not how long is left", () => {
  const lines: string[] = [];
  let now = 0;
  const line = new WorkLine("Augmenting", { now: () => now, write: (text) => lines.push(text) });
  worked(line, (milliseconds) => (now += milliseconds), 150);
  expect(lines.at(-1)).toBe("Augmenting: 150 of 1000, stopped after 3 s");
});

test("a terminal gets a line every two seconds; short work shows nothing", () => {
  const lines: string[] = [];
  let now = 0;
  const line = () => new WorkLine("Augmenting", { now: () => now, write: (text) => lines.push(text) });
  worked(line(), (milliseconds) => (now += milliseconds), 90);
  expect(lines).toEqual([]);
  worked(line(), (milliseconds) => (now += milliseconds));
  expect(lines[0]).toBe("Augmenting: 100 of 1000, about 18 s left");
  expect(lines.length).toBeLessThanOrEqual(11);
});

test("a caller's own function is told, and nobody else", () => {
  const told: number[] = [];
  setDefaultWorkWatcher(() => ({ onProgress: () => told.push(-1), onEnd: () => told.push(-2) }));
  const own = workWatcher("Augmenting", ({ done }) => told.push(done));
  own.onProgress({ done: 3, total: 9 });
  own.onEnd();
  expect(told).toEqual([3]);
  const other = workWatcher("Augmenting", undefined);
  other.onProgress({ done: 3, total: 9 });
  other.onEnd();
  expect(told).toEqual([3, -1, -2]);
});
