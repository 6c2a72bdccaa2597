import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelClient, plainTraceback, type Content } from "./client.js";

/** A notebook's folder with nothing of vitrine in sight, and two files of its own. */
let folder: string;
let kernel: KernelClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-notebook-"));
  writeFileSync(join(folder, "local.ts"), "export const answer: number = 41;\n");
  const pack = join(folder, "node_modules", "mapped");
  mkdirSync(join(pack, "lib"), { recursive: true });
  writeFileSync(
    join(pack, "package.json"),
    JSON.stringify({ name: "mapped", exports: { "./sub": { types: "./lib/sub.d.ts", default: "./lib/sub.js" } } }),
  );
  writeFileSync(join(pack, "lib", "sub.d.ts"), "export declare const mapped: 'through exports';\n");
  writeFileSync(join(pack, "lib", "sub.js"), "exports.mapped = 'through exports';\n");
  kernel = await KernelClient.start(folder);
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

const complete = (code: string, cursor_pos = Array.from(code).length): Promise<Content> =>
  kernel.request("complete_request", { code, cursor_pos });
const resultOf = async (code: string): Promise<unknown> => {
  const { outputs, reply } = await kernel.execute(code);
  return outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"] ?? plainTraceback(reply);
};

describe("imports", () => {
  it("find this installation's vitrine from a folder that has none, at run time and with its types", async () => {
    expect(await resultOf('import { VitrineError } from "vitrine";\ntypeof VitrineError')).toBe("'function'");
    expect(await resultOf('import { decodeImage } from "vitrine";\nawait decodeImage(5)')).toMatch(
      /error TS2345: Argument of type 'number' is not assignable/,
    );
  });

  it("find a file beside the notebook, and see it when it is edited", async () => {
    expect(await resultOf('import { answer } from "./local";\nanswer')).toBe("41");
    writeFileSync(join(folder, "local.ts"), "export const answer: string = 'edited';\n");
    // A person's edit is seconds later, which every file system can tell apart.
    const later = new Date(Date.now() + 5000);
    utimesSync(join(folder, "local.ts"), later, later);
    expect(await resultOf('import { answer } from "./local";\nanswer.toUpperCase()')).toBe("'EDITED'");
  });

  it("follow a package's exports map, as require does", async () => {
    expect(await resultOf('import { mapped } from "mapped/sub";\nconst typed: "through exports" = mapped; typed')).toBe(
      "'through exports'",
    );
  });

  it("that lead nowhere are errors of the compiler, and lead somewhere once the file is there", async () => {
    expect(await resultOf('import { late } from "./late";\nlate')).toMatch(/TS2307: Cannot find module '.\/late'/);
    writeFileSync(join(folder, "late.ts"), "export const late = 'here now';\n");
    expect(await resultOf('import { late } from "./late";\nlate')).toBe("'here now'");
  });

  it("find tslab's display where no tslab is installed", async () => {
    const run = await kernel.execute('import * as tslab from "tslab";\ntslab.display.markdown("*m*");');
    const shown = run.outputs.find(({ type }) => type === "display_data");
    expect(shown?.content.data).toEqual({ "text/markdown": "*m*" });
  });

  it("take a module that a cell defines with @module", async () => {
    await kernel.execute("/** @module shapes */\nexport const sides = (name: string) => (name === 'square' ? 4 : 3);");
    expect(await resultOf('import { sides } from "./shapes";\nsides("square")')).toBe("4");
  });
});

describe("completion", () => {
  it("knows members, with their kinds", async () => {
    const reply = await complete("Math.P");
    expect(reply).toMatchObject({ status: "ok", cursor_start: 5, cursor_end: 6 });
    // Those that begin with the letter come first, then those that contain it.
    expect(reply.matches).toEqual(["PI", "pow", "exp", "expm1", "hypot", "log1p"]);
    expect(reply.metadata._jupyter_types_experimental.slice(0, 2)).toEqual([
      { text: "PI", type: "property", start: 5, end: 6 },
      { text: "pow", type: "method", start: 5, end: 6 },
    ]);
  });

  it("knows what earlier cells imported and declared", async () => {
    await kernel.execute('import * as path from "node:path";\nconst picture = { width: 3, height: 2 };');
    expect((await complete("path.relat")).matches).toContain("relative");
    expect((await complete("picture.")).matches).toEqual(expect.arrayContaining(["height", "width"]));
    expect((await complete("pict")).matches).toContain("picture");
    expect((await complete("inp")).matches).toContain("input");
    expect((await complete("__vitrine")).matches).toEqual([]);
  });

  it("counts characters where UTF-16 counts two units", async () => {
    const code = 'const s = "😀😀"; Math.PI';
    const reply = await complete(code);
    expect(reply.matches).toEqual(["PI"]);
    expect(Array.from(code).slice(reply.cursor_start, reply.cursor_end).join("")).toBe("PI");
  });

  it("completes a text that only a few values may have, in place of what is typed of it", async () => {
    await kernel.execute('const choose = (options: { size: "small" | "medium" | "large" }) => options.size;');
    for (const rest of ["", '" })']) {
      const code = `choose({ size: "m${rest}`;
      const reply = await complete(code, code.length - rest.length);
      expect(reply.matches).toEqual(["medium", "small"]);
      expect(code.slice(reply.cursor_start, reply.cursor_end)).toBe("m");
    }
  });

  it("keeps the kernel's own names and types to itself", async () => {
    expect((await complete("__vit")).matches).toEqual([]);
    const { matches } = await complete("const options: __");
    expect(matches.filter((name) => /vitrine/i.test(name))).toEqual([]);
  });

  it("works while a cell awaits", async () => {
    const id = kernel.submit('console.log("up"); await new Promise(() => {});');
    await kernel.waitFor((m) => m.parent.msg_id === id && m.type === "stream", "the cell's first output");
    expect((await complete("JSON.pars")).matches).toContain("parse");
    expect(kernel.received.some((m) => m.channel === "shell" && m.parent.msg_id === id)).toBe(false);
    kernel.interruptBySignal();
    await kernel.finished(id);
  });
});

describe("inspection", () => {
  it("gives type and documentation, also with the cursor just behind the name", async () => {
    for (const cursor_pos of [2, 8]) {
      const reply = await kernel.request("inspect_request", { code: "parseInt", cursor_pos, detail_level: 0 });
      expect(reply).toMatchObject({ status: "ok", found: true });
      expect(reply.data["text/plain"]).toContain("function parseInt(string: string, radix?: number): number");
    }
  });

  it("among a call's arguments is that of what is called, also while the bracket is open", async () => {
    await kernel.execute(
      "/**\n * Cuts a text.\n *\n * @throws RangeError where it is short\n */\nfunction cut(text: string, options: { at: number }) { return text.slice(options.at); }",
    );
    for (const code of ["cut(", 'cut("a, (b", { at: ', 'cut("abc", { at: 1 })', "[1].map(() => cut("]) {
      const cursor_pos = code.endsWith(")") ? code.indexOf("{") + 1 : code.length;
      const reply = await kernel.request("inspect_request", { code, cursor_pos, detail_level: 0 });
      expect(reply.data["text/plain"]).toBe(
        "function cut(text: string, options: {\n    at: number;\n}): string\n\nCuts a text.\n@throws RangeError where it is short",
      );
      expect(reply.data["text/markdown"]).toMatch(
        /^```ts\nfunction cut[^]*```\n\nCuts a text\.\n\n\*@throws\* RangeError/,
      );
    }
  });

  it("of what is made by `new` says what its class is for, too", async () => {
    const code =
      "/** A shape of equal sides. */\nclass Square {\n  /** @throws RangeError below 0 */\n  constructor(readonly side: number) {}\n}\nnew Square(";
    const reply = await kernel.request("inspect_request", { code, cursor_pos: code.length, detail_level: 0 });
    expect(reply.data["text/plain"]).toBe(
      "constructor Square(side: number): Square\n\nA shape of equal sides.\n@throws RangeError below 0",
    );
  });

  it("of nothing finds nothing", async () => {
    expect(await kernel.request("inspect_request", { code: "  ", cursor_pos: 1 })).toMatchObject({
      status: "ok",
      found: false,
    });
  });

  it("shows a page for a name with a question mark", async () => {
    const { reply } = await kernel.execute("parseInt?");
    expect(reply.payload).toMatchObject([{ source: "page", start: 0 }]);
    expect(reply.payload[0]?.data["text/plain"]).toContain("function parseInt");
  });
});

describe("history", () => {
  it("keeps inputs and outputs by line, and finds them by pattern", async () => {
    const { reply } = await kernel.execute("1111 + 1");
    await kernel.execute("1111 + 2;");
    const count = reply.execution_count;
    const tail = await kernel.request("history_request", { hist_access_type: "tail", n: 2, output: true, raw: true });
    expect(tail.history).toEqual([
      [1, count, ["1111 + 1", "1112"]],
      [1, count + 1, ["1111 + 2;", "1113"]],
    ]);
    const found = await kernel.request("history_request", {
      hist_access_type: "search",
      pattern: "1111 + ?",
      output: false,
    });
    expect(found.history).toEqual([[1, count, "1111 + 1"]]);
    for (const [pattern, fits] of [
      ["*1 + 1", true],
      ["11*+*1", true],
      ["1111 + 1?", false],
      [`${"*1".repeat(30)}x`, false],
    ] as const) {
      const { history } = await kernel.request("history_request", {
        hist_access_type: "search",
        pattern,
        output: false,
      });
      expect(
        history.some((row) => (row as [number, number, string])[2] === "1111 + 1"),
        pattern,
      ).toBe(fits);
    }
    const range = await kernel.request("history_request", {
      hist_access_type: "range",
      session: 0,
      start: count,
      stop: count + 1,
    });
    expect(range.history).toEqual([[1, count, "1111 + 1"]]);
  });
});
