/** Completion and inspection, in Jupyter's shapes. */
import { printQuickInfo } from "tslab/dist/inspect.js";
import type { Executor } from "tslab/dist/executor.js";

import type { JsonObject } from "../comm/port.js";
import { numberField, textField } from "./messages.js";
import { toCharacters, toUnits } from "./text-position.js";

/** The kernel's own globals; see `compiler/ambient.ts`. */
const HIDDEN = "__vitrine";

export class CodeAssistant {
  private readonly executor: Executor;

  constructor(executor: Executor) {
    this.executor = executor;
  }

  /** The content of `complete_reply`. */
  complete(request: JsonObject): object {
    const code = textField(request, "code");
    const {
      start,
      end,
      candidates: all,
      original,
    } = this.executor.complete(code, toUnits(code, numberField(request, "cursor_pos")));
    const candidates = all.filter((name) => !name.startsWith(HIDDEN));
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
    const text = this.describe(code, toUnits(code, numberField(request, "cursor_pos")));
    return {
      status: "ok",
      found: text !== undefined,
      data: text === undefined ? {} : { "text/plain": text },
      metadata: {},
    };
  }

  /** The type and documentation of what stands at a position; a position just behind a name counts as the name's. */
  describe(code: string, position: number): string | undefined {
    for (const place of [position, position - 1]) {
      // tslab's declarations promise a value; TypeScript has none for white space.
      const info = this.executor.inspect(code, Math.max(0, place)) as ReturnType<Executor["inspect"]> | undefined;
      if (info) return printQuickInfo(info);
    }
    return undefined;
  }
}
