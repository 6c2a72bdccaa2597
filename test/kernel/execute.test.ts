import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelClient, plainTraceback, type Execution } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(async () => {
  await kernel.stop();
});

const result = ({ outputs }: Execution): unknown =>
  outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
const error = ({ outputs }: Execution): string =>
  plainTraceback(outputs.find(({ type }) => type === "error")?.content ?? { traceback: [] });

describe("a cell's messages", () => {
  it("come in the protocol's order: busy, input, output, result, idle", async () => {
    const run = await kernel.execute('console.log("seen"); 6 * 7');
    expect(run.outputs.map(({ type }) => type)).toEqual([
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
    ]);
    expect(run.reply).toMatchObject({ status: "ok", user_expressions: {}, payload: [] });
    expect(result(run)).toBe("42");
    expect(run.outputs.every(({ header }) => header.version === "5.4")).toBe(true);
  });

  it("count only what is stored: silent and unstored cells leave the number", async () => {
    const first = await kernel.execute("1");
    const silent = await kernel.execute("2", { silent: true });
    const unstored = await kernel.execute("3", { store_history: false });
    const next = await kernel.execute("4");
    const count = first.reply.execution_count;
    expect([silent, unstored, next].map(({ reply }) => reply.execution_count)).toEqual([count, count, count + 1]);
    expect(silent.outputs.map(({ type }) => type)).toEqual(["status", "status"]);
  });

  it("answer user_expressions, each on its own", async () => {
    const { reply } = await kernel.execute("const base = 20;", {
      user_expressions: { good: "base + 1", bad: "nowhere" },
    });
    expect(reply.user_expressions.good).toMatchObject({ status: "ok", data: { "text/plain": "21" } });
    expect(reply.user_expressions.bad).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });
});

describe("TypeScript in cells", () => {
  it("sees variables, functions and types of earlier cells", async () => {
    await kernel.execute(
      "interface Point { x: number }\nconst origin: Point = { x: 1 };\nconst twice = (p: Point) => p.x * 2;",
    );
    expect(result(await kernel.execute("twice(origin)"))).toBe("2");
  });

  it("takes an earlier cell's variable as a shorthand property, read and written", async () => {
    await kernel.execute("let losses = [1, 2]; let label = 'a';");
    expect(result(await kernel.execute("({ losses, label })"))).toBe("{ losses: [ 1, 2 ], label: 'a' }");
    expect(result(await kernel.execute("({ label } = { label: 'b' }); const f = () => ({ label }); f().label"))).toBe(
      "'b'",
    );
    expect(result(await kernel.execute("({ label = 'c' } = {} as { label?: string }); label"))).toBe("'c'");
  });

  it("runs a top-level for await", async () => {
    const run = await kernel.execute(
      "async function* count() { yield 1; yield 2; }\nfor await (const n of count()) console.log(n);",
    );
    expect(run.reply.status).toBe("ok");
    expect(kernel.text(run.id)).toBe("1\n2\n");
  });

  it("disposes what `using` declares when the cell or block ends", async () => {
    await kernel.execute(
      'const opened = (name: string) => ({ name, [Symbol.dispose]() { console.log("closed " + name); } });',
    );
    const run = await kernel.execute(
      'using a = opened("a");\n{\n  using b = opened("b"), c = opened("c");\n  console.log(b.name, c.name);\n}\nconsole.log(a.name);',
    );
    expect(error(run)).toBe("");
    expect(kernel.text(run.id)).toBe("b c\nclosed c\nclosed b\na\nclosed a\n");
    const asynchronous = await kernel.execute(
      'async function work() {\n  await using d = { async [Symbol.asyncDispose]() { console.log("closed d"); } };\n  throw new Error("inside");\n}\nawait work();',
    );
    expect(kernel.text(asynchronous.id)).toBe("closed d\n");
    expect(error(asynchronous)).toContain("> 3 |   throw new Error");
  });

  it("takes what was written for a file, with its exports, as any other code", async () => {
    const run = await kernel.execute(
      "export interface Box { width: number; height: number }\nexport function area(box: Box): number {\n  return box.width * box.height;\n}\nconst half = (box: Box) => area(box) / 2;\nexport { half };\nexport default class Shape {}",
    );
    expect(error(run)).toBe("");
    expect(
      result(await kernel.execute("const box: Box = { width: 2, height: 3 }; [area(box), half(box), new Shape()]")),
    ).toBe("[ 6, 3, Shape {} ]");
    const failing = await kernel.execute('export const bad = () => {\n  throw new Error("inside");\n};\nbad();');
    expect(error(failing)).toContain("> 2 |   throw new Error");
    expect(error(await kernel.execute("export const wrong: number = 'x';"))).toContain(
      "> 1 | export const wrong: number = 'x';",
    );
  });

  it("keeps what a failed cell declared", async () => {
    await kernel.execute('const kept = 5; throw new Error("after it");');
    expect(result(await kernel.execute("kept"))).toBe("5");
  });

  it("takes types that no declaration file could name: private members of a class expression, a mixin's, a function's own", async () => {
    // TypeScript asks for `any[]` here: a class that is mixed into takes whatever its base takes.
    const run = await kernel.execute(
      "const Counter = class { private n = 1; next() { return ++this.n; } };\ntype Constructor = new (...args: any[]) => object;\nfunction Tagged<B extends Constructor>(Base: B) { return class extends Base { protected tag = 'a'; tagged() { return this.tag; } }; }\nfunction make() { class Local { private x = 1; y = 2; } return new Local(); }\nconst local = make(); const Both = Tagged(Counter);",
    );
    expect(error(run)).toBe("");
    expect(
      result(await kernel.execute("[new Counter().next(), new Both().tagged(), new Both().next(), local.y + 1]")),
    ).toBe("[ 2, 'a', 2, 3 ]");
    expect(error(await kernel.execute("local.z"))).toContain("Property 'z' does not exist");
  });

  it("knows what this Node has: array methods of 2023", async () => {
    expect(result(await kernel.execute("[3, 1, 2].toSorted().findLast((n) => n < 3)"))).toBe("2");
  });

  it("prints promises without what the kernel notes on them", async () => {
    expect(result(await kernel.execute("[Promise.resolve(4), new Promise(() => {})]"))).toBe(
      "[ Promise { 4 }, Promise { <pending> } ]",
    );
  });
});

describe("errors", () => {
  it("point at the line of the cell that threw, in TypeScript, through another cell's call", async () => {
    const definition = await kernel.execute(
      "interface Config {\n  deep?: { value: number };\n}\nfunction read(config: Config): number {\n  return config.deep!.value;\n}",
    );
    const run = await kernel.execute("const empty = {};\n\nread(empty);");
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeError" });
    const text = error(run);
    expect(text).toContain("> 5 |   return config.deep!.value;\n    |                       ^");
    expect(text).toMatch(new RegExp(`at .*read.*\\(cell\\[${definition.reply.execution_count}\\]:5:23\\)`));
    expect(text).toContain(`at cell[${run.reply.execution_count}]:3:1`);
    expect(text).not.toMatch(/node:|tslab|dist\/kernel|vitrine:\/\//);
  });

  it("point at the line after an await too", async () => {
    const text = error(
      await kernel.execute('await Promise.resolve();\ntype Gone = string;\nthrow new RangeError("late line");'),
    );
    expect(text).toMatch(/^RangeError: late line\n/);
    expect(text).toContain('> 3 | throw new RangeError("late line");');
  });

  it("that a cell prints end with its own lines, not with the kernel's", async () => {
    const { id } = await kernel.execute(
      'function inner() { return new Error("kept", { cause: new TypeError("first") }); }\nconsole.error(inner());',
    );
    const text = kernel.text(id, "stderr");
    expect(text).toMatch(/^Error: kept\n {4}at inner \(cell\[\d+\]:1:27\)\n {4}at cell\[\d+\]:2:15\n/);
    expect(text).not.toMatch(/node:vm|tslab|dist/);
  });

  it("of an open bracket are those of the code, not of what the compiler adds", async () => {
    expect(error(await kernel.execute("function ("))).toBe(
      "1:10 - error TS1003: Identifier expected.\n> 1 | function (\n    |          ^",
    );
  });

  it("show causes and the fields of an error", async () => {
    const text = error(
      await kernel.execute(
        'throw Object.assign(new Error("outer", { cause: new TypeError("inner") }), { code: "E1" })',
      ),
    );
    expect(text).toContain("code: 'E1'");
    expect(text).toContain("Caused by TypeError: inner");
  });

  it("show thrown values that are no errors, and errors that throw when looked at", async () => {
    expect(error(await kernel.execute("throw { status: 404 }"))).toBe("Thrown: { status: 404 }");
    const hostile = "throw Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('no'); } })";
    expect((await kernel.execute(hostile)).reply.status).toBe("error");
  });

  it("of the compiler come with a code frame, and nothing runs", async () => {
    const run = await kernel.execute('console.log("ran");\nconst count: number = "three";\n');
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
    expect(error(run)).toBe(
      [
        "2:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
        '  1 | console.log("ran");',
        '> 2 | const count: number = "three";',
        "    |       ^^^^^",
        "  3 |",
      ].join("\n"),
    );
    expect(kernel.text(run.id)).toBe("");
  });

  it("in a syntax that no compiler takes are shown likewise", async () => {
    expect(error(await kernel.execute("let = = 3;"))).toMatch(/error TS\d+/);
  });

  it("of process.exit say what ends a kernel, and it goes on", async () => {
    const { reply } = await kernel.execute("process.exit(3)");
    expect(reply.evalue).toBe(
      "process.exit(3) was called, and the kernel goes on. To end it, shut it down or restart it from the Kernel menu",
    );
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });

  it("in timers and in promises that nobody awaits are shown under their cell, and the kernel lives", async () => {
    const { id } = await kernel.execute(
      'setTimeout(() => { throw new Error("in a timer"); }, 20); void Promise.reject(new Error("unheard"));',
    );
    await kernel.execute("1");
    const errors = ["in a timer", "unheard"];
    for (const message of errors) {
      const shown = await kernel.waitFor((m) => m.type === "error" && m.content.evalue === message, message);
      expect(shown.parent.msg_id).toBe(id);
      expect(plainTraceback(shown.content)).toMatch(/^Uncaught Error: [^\n]+\n> 1 \|/);
    }
    expect(result(await kernel.execute("1 + 1"))).toBe("2");
  });
});

describe("output", () => {
  it("of 100,000 lines arrives whole and in order, in far fewer messages", async () => {
    const run = await kernel.execute("for (let i = 0; i < 100_000; i++) console.log(i);");
    const expected = Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join("");
    expect(kernel.text(run.id) === expected).toBe(true);
    expect(run.outputs.length).toBeLessThan(1000);
  });

  it("of 20,000 lines with a turn of the event loop between each arrives whole", async () => {
    const run = await kernel.execute("for (let i = 0; i < 20_000; i++) { await null; console.log(i); }");
    expect(kernel.text(run.id).split("\n").length).toBe(20_001);
  });

  it("of 3,000 messages in one turn of the event loop arrives whole and in order", async () => {
    const run = await kernel.execute(
      'import { display } from "tslab";\nfor (let i = 0; i < 3000; i += 1) display.text(String(i));',
    );
    expect(error(run)).toBe("");
    const shown = run.outputs
      .filter(({ type }) => type === "display_data")
      .map(({ content }) => Number(content.data["text/plain"]));
    expect(shown).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it("of stdout and stderr keeps its order among each other", async () => {
    const run = await kernel.execute('console.log("1"); console.error("2"); console.log("3");');
    const streams = run.outputs
      .filter(({ type }) => type === "stream")
      .map(({ content }) => [content.name, content.text]);
    expect(streams).toEqual([
      ["stdout", "1\n"],
      ["stderr", "2\n"],
      ["stdout", "3\n"],
    ]);
  });

  it("joins a character whose bytes come in two writes", async () => {
    const run = await kernel.execute(
      "process.stdout.write(Uint8Array.of(0xc3)); process.stdout.write(Uint8Array.of(0xa9));",
    );
    expect(kernel.text(run.id)).toBe("é");
  });

  it("that comes late goes under its own cell, from timers and promises", async () => {
    const early = await kernel.execute(
      'setTimeout(() => console.log("from a timer"), 150); void (async () => { await new Promise((r) => setTimeout(r, 150)); console.log("from a promise"); })();',
    );
    // Its timer ends after theirs, however late all of them are; and what is printed goes out in order.
    const later = await kernel.execute('await new Promise((r) => setTimeout(r, 400)); console.log("own")');
    expect(kernel.text(early.id).split("\n").sort()).toEqual(["", "from a promise", "from a timer"]);
    expect(kernel.text(later.id)).toBe("own\n");
  });

  it("of synchronous code is seen before the cell ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vitrine-seen-"));
    const seen = join(folder, "seen");
    try {
      // It ends once its first line was seen, and not before.
      const id = kernel.submit(
        `import { existsSync } from "node:fs";\nconsole.log("begun"); while (!existsSync(${JSON.stringify(seen)})); console.log("over");`,
      );
      await kernel.waitFor((m) => m.parent.msg_id === id && m.type === "stream", "the first line");
      expect(kernel.text(id)).toBe("begun\n");
      writeFileSync(seen, "");
      await kernel.finished(id);
      expect(kernel.text(id)).toBe("begun\nover\n");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("display", () => {
  it("takes a value's own bundle, also a promise of it, and bytes as base64", async () => {
    const code = (body: string) => `({ [Symbol.for("Jupyter.display")]: ${body} })`;
    const bundle = ({ outputs }: Execution): unknown =>
      outputs.find(({ type }) => type === "execute_result")?.content.data;
    expect(bundle(await kernel.execute(code('() => ({ "text/html": "<b>x</b>" })')))).toEqual({
      "text/html": "<b>x</b>",
    });
    expect(bundle(await kernel.execute(code('async () => ({ "image/png": Uint8Array.of(1, 2, 3) })')))).toEqual({
      "image/png": "AQID",
    });
  });

  it("reports a bundle method that throws or returns nothing as the cell's error", async () => {
    const thrown = await kernel.execute('({ [Symbol.for("Jupyter.display")]() { throw new Error("no picture"); } })');
    expect(thrown.reply).toMatchObject({ status: "error", evalue: "no picture" });
    const nothing = await kernel.execute('({ [Symbol.for("Jupyter.display")]() {} })');
    expect(nothing.reply.evalue).toContain("Expected a mime bundle");
  });

  it("reports a bundle or an expression that is no JSON as the cell's error, and goes on", async () => {
    await kernel.execute("const ring: any = {}; ring.self = ring;");
    const run = await kernel.execute('({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": ring }) })');
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect(error(run)).toContain("circular");
    const shown = '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": ring }) })';
    expect((await kernel.execute("1", { user_expressions: { ring: shown } })).reply.status).toBe("error");
    expect(result(await kernel.execute("2"))).toBe("2");
  });

  it("by tslab's API shows, and updates in place", async () => {
    const run = await kernel.execute(
      'import { newDisplay } from "tslab";\nconst area = newDisplay(); area.html("<i>1</i>"); area.html("<i>2</i>");',
    );
    const [shown, updated] = run.outputs.filter(({ type }) => type.endsWith("display_data"));
    expect(shown).toMatchObject({ type: "display_data", content: { data: { "text/html": "<i>1</i>" } } });
    expect(updated).toMatchObject({ type: "update_display_data", content: { data: { "text/html": "<i>2</i>" } } });
    expect(updated?.content.transient.display_id).toBe(shown?.content.transient.display_id);
    expect(shown?.content.transient.display_id).toMatch(/\w+/);
  });

  it("by the kernel's port shows, updates and clears", async () => {
    const run = await kernel.execute(
      'const port = (globalThis as any)[Symbol.for("vitrine.kernel")];\n' +
        'port.display({ "text/plain": "a" }, { displayId: "d" }); port.display({ "text/plain": "b" }, { displayId: "d", update: true }); port.clearOutput(true);',
    );
    const shown = run.outputs.filter(({ type }) => type !== "status" && type !== "execute_input");
    expect(shown.map(({ type }) => type)).toEqual(["display_data", "update_display_data", "clear_output"]);
    expect(shown[2]?.content).toEqual({ wait: true });
  });
});
