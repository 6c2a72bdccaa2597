/** One `execute_request` from `busy` to its reply's content. */
import { inspect } from "node:util";

import type { JsonObject, MimeBundle } from "../comm/port.js";
import type { CellExecutor, CellOutcome } from "./cell-executor.js";
import { Cell, type Cells } from "./cells.js";
import type { CodeAssistant } from "./code-assistant.js";
import { bundleOf } from "./display-data.js";
import { reportException, type ErrorReport } from "./error-report.js";
import type { History } from "./history.js";
import { objectField, textField, type Message, type Outgoing } from "./messages.js";

/** Anything that a cell's end may be: a value with its bundle, nothing, or an error. */
type Shown = { readonly bundle: MimeBundle | undefined } | { readonly report: ErrorReport };

/** `name?` shows what `name` is, in a page of its own. */
const QUESTION = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$.]*)\?\s*$/u;

export interface CellRunnerParts {
  readonly executor: CellExecutor;
  readonly assistant: CodeAssistant;
  readonly history: History;
  readonly cells: Cells;
  readonly publish: (message: Outgoing) => void;
}

export class CellRunner {
  /** The latest cell's number, `In [n]`. */
  count = 0;
  private readonly parts: CellRunnerParts;

  constructor(parts: CellRunnerParts) {
    this.parts = parts;
  }

  /** Returns the content of `execute_reply`. */
  async run(request: Message): Promise<{ status: "ok" | "error"; [key: string]: unknown }> {
    const { cells, publish } = this.parts;
    const { content, header: parent } = request;
    const code = textField(content, "code");
    const silent = content["silent"] === true;
    const remember = this.number(code, silent || content["store_history"] === false);
    if (!silent) publish({ type: "execute_input", content: { code, execution_count: this.count }, parent });
    const cell = new Cell(request);
    cells.begin(cell);
    try {
      let shown = await cells.within(cell, () => this.execute(code, cell));
      if (!silent) shown = this.show(shown, cell, remember);
      if ("report" in shown) return { status: "error", execution_count: this.count, ...shown.report };
      const expressions = await cells.within(cell, () => this.evaluate(objectField(content, "user_expressions")));
      const payload = this.payload(code);
      return { status: "ok", execution_count: this.count, user_expressions: expressions, payload };
    } finally {
      cells.end();
    }
  }

  private number(code: string, forget: boolean): (output: string) => void {
    if (forget || code.trim() === "") return () => undefined;
    this.count += 1;
    return this.parts.history.add(this.count, code);
  }

  private async execute(code: string, cell: Cell): Promise<Shown> {
    if (QUESTION.test(code)) return { bundle: undefined };
    const outcome = await this.parts.executor.execute(code, String(this.count));
    return this.bundle(outcome, cell);
  }

  private async bundle(outcome: CellOutcome, cell: Cell): Promise<Shown> {
    if (outcome.kind === "failed") return { report: outcome.report };
    if (outcome.kind === "done") return { bundle: undefined };
    try {
      return { bundle: await cell.orInterrupted(bundleOf(outcome.value)) };
    } catch (error) {
      return { report: reportException(error) };
    }
  }

  /** Publishes it, and returns what was published: a bundle that is no JSON (it holds itself, say) is an error. */
  private show(shown: Shown, cell: Cell, remember: (output: string) => void): Shown {
    const { publish } = this.parts;
    const { parent } = cell;
    if ("report" in shown) publish({ type: "error", content: shown.report, parent });
    else if (shown.bundle) {
      const content = { data: shown.bundle, metadata: {}, execution_count: this.count };
      try {
        publish({ type: "execute_result", content, parent });
      } catch (error) {
        return this.show({ report: reportException(error) }, cell, remember);
      }
      remember(asText(shown.bundle["text/plain"]));
    }
    return shown;
  }

  /** Each expression on its own: one that fails does not fail the cell. */
  private async evaluate(expressions: JsonObject): Promise<object> {
    const results: [string, object][] = [];
    for (const [name, expression] of Object.entries(expressions)) {
      if (typeof expression !== "string") continue;
      const outcome = await this.parts.executor.execute(`(${expression})`, String(this.count));
      if (outcome.kind === "failed") results.push([name, { status: "error", ...outcome.report }]);
      else {
        const data = await bundleOf(outcome.kind === "value" ? outcome.value : undefined);
        results.push([name, { status: "ok", data, metadata: {} }]);
      }
    }
    return Object.fromEntries(results);
  }

  private payload(code: string): object[] {
    const name = QUESTION.exec(code)?.[1];
    if (name === undefined) return [];
    const data = this.parts.assistant.describe(name, name.length) ?? { "text/plain": `No information about ${name}` };
    return [{ source: "page", data, start: 0 }];
  }
}

const asText = (value: unknown): string => (typeof value === "string" ? value : inspect(value));
