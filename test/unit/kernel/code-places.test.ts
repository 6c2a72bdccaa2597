import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { codeFrame } from "../../../src/kernel-lib/kernel/code-frame.js";
import { EditedCode } from "../../../src/kernel-lib/kernel/compiler/edited-code.js";
import { lowerUsing } from "../../../src/kernel-lib/kernel/compiler/using.js";
import { toCharacters, toUnits } from "../../../src/kernel-lib/kernel/text-position.js";

const plain = (lines: readonly string[]) => lines.join("\n").replace(/\u001b\[\d+m/g, "");

describe("a code frame", () => {
  it("marks the span between two lines before and after", () => {
    expect(plain(codeFrame("a\nb\nc\nlet x = 1;\ne\nf\ng", { line: 4, column: 5, length: 1 }))).toBe(
      ["  2 | b", "  3 | c", "> 4 | let x = 1;", "    |     ^", "  5 | e", "  6 | f"].join("\n"),
    );
  });

  it("keeps tabs before the mark, and the mark within the line", () => {
    expect(plain(codeFrame("\t\tab", { line: 1, column: 3, length: 99 }))).toBe("> 1 | \t\tab\n    | \t\t^^");
  });

  it("widens its margin for line numbers of more digits, and has nothing for a line that isn't there", () => {
    const code = Array.from({ length: 12 }, (_, i) => `${i + 1}`).join("\n");
    expect(plain(codeFrame(code, { line: 10, column: 1 }))).toContain(
      "   8 | 8\n   9 | 9\n> 10 | 10\n     | ^\n  11 | 11",
    );
    expect(codeFrame("one", { line: 2, column: 1 })).toEqual([]);
  });
});

describe("edited code", () => {
  it("leads every character back to its place", () => {
    const insertion = fc.record({
      at: fc.nat(40),
      text: fc.string({ maxLength: 5 }).map((text) => text.replace(/\n/g, "")),
    });
    fc.assert(
      fc.property(
        fc.string({ minLength: 40, maxLength: 40, unit: fc.constantFrom("a", "b", "\n") }),
        fc.array(insertion),
        (code, edits) => {
          const edited = new EditedCode(code, edits);
          // The edited text without what was put in is the original: walk both.
          for (let offset = 0; offset < code.length; offset += 1) {
            const added = edits.filter(({ at }) => at <= offset).reduce((sum, { text }) => sum + text.length, 0);
            expect(edited.toOriginal(offset + added)).toBe(offset);
            expect(edited.text[offset + added]).toBe(code[offset]);
          }
        },
      ),
    );
  });

  it("leads a line's column back", () => {
    const edited = new EditedCode("ab\ncdef", [{ at: 4, text: "XX" }]);
    expect(edited.text).toBe("ab\ncXXdef");
    expect(edited.placeInOriginal({ line: 1, column: 3 })).toEqual({ line: 1, column: 1 });
    expect(edited.placeInOriginal({ line: 0, column: 1 })).toEqual({ line: 0, column: 1 });
  });
});

describe("using", () => {
  it("is the cell's at its top level", () => {
    expect(lowerUsing("using a = f(), b: T = g();\na").text).toBe(
      "const a = __vitrineCell.use(f()), b: T = __vitrineCell.use(g());\na",
    );
  });

  it("closes with its block, awaiting where it says await", () => {
    expect(lowerUsing("{ x(); await using a = f(); y(); }").text).toBe(
      "{ x();       const __scope0 = __vitrineScope(); try { const a = __scope0.useAsync(f()); y(); " +
        " } catch (error) { throw __scope0.fail(error); } finally { await __scope0.closeAsync(); } }",
    );
  });

  it("leaves alone what only looks like it", () => {
    for (const code of [
      "const using = 1;\nusing\na = 2",
      "// using a = 1",
      '"using a"',
      "obj.using(a)",
      "using\n(a)",
    ]) {
      expect(lowerUsing(code).text).toBe(code);
    }
  });
});

describe("cursor places", () => {
  it("count characters on Jupyter's side and UTF-16 units on JavaScript's", () => {
    expect(toUnits("😀a", 1)).toBe(2);
    expect(toCharacters("😀a", 2)).toBe(1);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const length = Array.from(text).length;
        for (let i = 0; i <= length; i += 1) expect(toCharacters(text, toUnits(text, i))).toBe(i);
      }),
    );
  });
});
