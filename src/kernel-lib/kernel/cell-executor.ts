/** Runs cells by tslab's executor, and answers what an editor asks about their code. */
import { createExecutor, type Executor } from "tslab/dist/executor.js";

import { CellCompiler } from "./compiler/cell-compiler.js";
import { DisposalScope } from "./disposal-scope.js";
import { reportDiagnostics, reportException, type ErrorReport } from "./error-report.js";

/** How a cell ended. A value of `null` or `undefined` counts as none, as in every notebook. */
export type CellOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "failed"; readonly report: ErrorReport };

export class CellExecutor {
  readonly compiler = new CellCompiler();
  readonly tslab: Executor;
  /** The running cell's. */
  scope = new DisposalScope();
  private value: unknown;
  private failure: { thrown: unknown } | undefined;

  /** Relative imports start at `folder`. */
  constructor(folder: string) {
    // tslab tells its console what happened: `log` has the last expression's value, `error` with one argument an exception;
    // with several it is a diagnostic, which the compiler has with its position.
    this.tslab = createExecutor(folder, this.compiler, {
      log: (value: unknown) => (this.value = value),
      error: (...args: unknown[]) => {
        if (args.length === 1) this.failure = { thrown: args[0] };
      },
    });
  }

  /** `label` is how tracebacks call the cell. Only one call at a time. */
  async execute(code: string, label: string): Promise<CellOutcome> {
    this.compiler.label = label;
    this.compiler.diagnostics = [];
    this.value = undefined;
    this.failure = undefined;
    try {
      await this.tslab.execute(code);
    } catch (thrown) {
      this.failure ??= { thrown };
    }
    await this.dispose();
    return this.outcome(code);
  }

  /** What the cell declared with `using` ends with it. */
  private async dispose(): Promise<void> {
    const { scope } = this;
    if (scope.isEmpty) return;
    this.scope = new DisposalScope();
    if (this.failure) scope.fail(this.failure.thrown);
    try {
      await scope.closeAsync();
    } catch (thrown) {
      this.failure = { thrown };
    }
  }

  private outcome(code: string): CellOutcome {
    const { value, failure } = this;
    const { diagnostics } = this.compiler;
    this.value = this.failure = undefined;
    if (failure) return { kind: "failed", report: reportException(failure.thrown) };
    if (diagnostics.length > 0) return { kind: "failed", report: reportDiagnostics(diagnostics, code) };
    return value === undefined ? { kind: "done" } : { kind: "value", value };
  }
}
