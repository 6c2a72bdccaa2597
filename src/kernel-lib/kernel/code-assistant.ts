/** Completion and inspection, in Jupyter's shapes. */
import type { CompletionInfo } from "tslab/dist/converter.js";
import type { Executor } from "tslab/dist/executor.js";

import type { JsonObject } from "../comm/port.js";
import { calleeEnd, quotedAt } from "./compiler/syntax.js";
import { constructedClass, markdownInfo, plainInfo } from "./quick-info.js";
import { numberField, textField } from "./messages.js";
import { toCharacters, toUnits } from "./text-position.js";

/** The kernel's own globals; see `compiler/ambient.ts`. */
const HIDDEN = /^__vitrine/i;

export class CodeAssistant {
  private readonly executor: Executor;

  constructor(executor: Executor) {
    this.executor = executor;
  }

  /** The content of `complete_reply`. */
  complete(request: JsonObject): object {
    const code = textField(request, "code");
    const position = toUnits(code, numberField(request, "cursor_pos"));
    const { start, end, candidates: all, original } = inString(this.executor.complete(code, position), code, position);
    const candidates = all.filter((name) => !HIDDEN.test(name));
    const span = { start: toCharacters(code, start), end: toCharacters(code, end) };
    const kinds = new Map(original?.entries.map((entry) => [entry.name, entry.kind]));
    // JupyterLab shows an icon for each kind.
    const types = candidates.map((text) => ({ ...span, text, type: kinds.get(text) ?? "" }));
    return {
      status: "ok",
      matches: candidates,
      cursor_start: span.start,
      cursor_end: span.end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** The content of `inspect_reply`. */
  inspect(request: JsonObject): object {
    const code = textField(request, "code");
    const data = this.describe(code, toUnits(code, numberField(request, "cursor_pos")));
    return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
  }

  /**
   * The type and documentation of what stands at a position; a position just behind a name counts as the name's, one among a call's
   * arguments as that of what is called.
   */
  describe(code: string, position: number): { [mime: string]: string } | undefined {
    const callee = calleeEnd(code, position);
    for (const place of [position, position - 1, ...(callee === undefined ? [] : [callee - 1])]) {
      const info = this.info(code, Math.max(0, place));
      if (!info) continue;
      const name = constructedClass(info);
      const about = name === undefined ? undefined : this.info(`${code}\n;${name}`, code.length + 2);
      return { "text/plain": plainInfo(info, about), "text/markdown": markdownInfo(info, about) };
    }
    return undefined;
  }

  /** tslab's declarations promise a value; TypeScript has none for white space. */
  private info(code: string, position: number): ReturnType<Executor["inspect"]> | undefined {
    return this.executor.inspect(code, position);
  }
}

/** Within quotes tslab would put a whole value behind what is typed of it. */
function inString(found: CompletionInfo, code: string, position: number): CompletionInfo {
  const quoted = found.start === found.end ? quotedAt(code, position) : undefined;
  if (!quoted) return found;
  const typed = code.slice(quoted.start, position).toLowerCase();
  const begins = (name: string) => name.toLowerCase().startsWith(typed);
  const fitting = found.candidates.filter((name) => name.toLowerCase().includes(typed));
  const candidates = [...fitting.filter(begins), ...fitting.filter((name) => !begins(name))];
  return { ...found, ...quoted, candidates };
}
