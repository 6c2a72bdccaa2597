/** A notebook that `npm run notebooks` has executed from top to bottom, as its file has it then. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { inRoot, out, root } from "../../scripts/places.mjs";

const run = promisify(execFile);

export interface Output {
  output_type: string;
  text?: string;
  data?: Record<string, string>;
}
interface Cell {
  cell_type: string;
  source: string;
  outputs?: Output[];
}

export class ExecutedNotebook {
  private readonly cells: readonly Cell[];

  private constructor(cells: readonly Cell[]) {
    this.cells = cells;
  }

  /** @param name of the notebook's file, without its ending */
  static async run(name: string): Promise<ExecutedNotebook> {
    await run(process.execPath, [inRoot("scripts", "notebooks.mjs"), name], { cwd: root });
    const notebook = await readFile(path.join(out, "notebooks", `${name}.ipynb`), "utf8");
    const { cells } = JSON.parse(notebook, joined) as { cells: Cell[] };
    return new ExecutedNotebook(cells.filter(({ cell_type }) => cell_type === "code"));
  }

  /** The outputs of the cell that has this in its source. */
  outputs(source: string): Output[] {
    const cell = this.cells.find((one) => one.source.includes(source));
    if (!cell) throw new Error(`There is no cell with ${source}`);
    return cell.outputs ?? [];
  }

  /** What that cell has printed and shown, as text. */
  text(source: string): string {
    const texts = this.outputs(source).map((output) => output.text ?? output.data?.["text/plain"] ?? "");
    // A cell that prints twice may have one output or two.
    return texts.map((text, index) => (index < texts.length - 1 ? text.replace(/\n$/, "") : text)).join("\n");
  }
}

/** What the notebooks keep of their figures. */
export const readMetrics = async (): Promise<unknown> =>
  JSON.parse(await readFile(path.join(out, "metrics.json"), "utf8")) as unknown;

/** The notebook format writes texts as lists of lines. */
function joined(key: string, value: unknown): unknown {
  const isText = Array.isArray(value) && value.every((line) => typeof line === "string");
  return isText && (key === "source" || key === "text" || key.includes("/")) ? value.join("") : value;
}
