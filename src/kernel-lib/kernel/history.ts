/** What was executed in this session, for consoles: `history_request` with `tail`, `range` and `search`. */
import { numberField, textField } from "./messages.js";
import type { JsonObject } from "../comm/port.js";

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | undefined;
}

/** Session, line, and the input, or the input with its output. */
type Row = [number, number, string | [string, string | null]];

/** Only this session is kept, so it has the first number. */
const SESSION = 1;

export class History {
  private readonly entries: Entry[] = [];

  /** Remembers an input; the function that is returned adds its output. */
  add(line: number, input: string): (output: string) => void {
    const entry: Entry = { line, input, output: undefined };
    this.entries.push(entry);
    return (output) => (entry.output = output);
  }

  /** The content of `history_reply`. */
  answer(request: JsonObject): { status: "ok"; history: Row[] } {
    const withOutput = request["output"] === true;
    const rows = this.select(request).map(({ line, input, output }): Row => {
      return [SESSION, line, withOutput ? [input, output ?? null] : input];
    });
    return { status: "ok", history: rows };
  }

  private select(request: JsonObject): readonly Entry[] {
    switch (textField(request, "hist_access_type")) {
      case "tail":
        return last(this.entries, numberField(request, "n"));
      case "range":
        return this.range(request);
      case "search":
        return this.search(request);
      default:
        return [];
    }
  }

  private range(request: JsonObject): readonly Entry[] {
    const session = numberField(request, "session");
    if (session !== 0 && session !== SESSION) return [];
    const start = numberField(request, "start");
    const stop = typeof request["stop"] === "number" ? request["stop"] : Infinity;
    return this.entries.filter(({ line }) => line >= start && line < stop);
  }

  private search(request: JsonObject): readonly Entry[] {
    const pattern = textField(request, "pattern") || "*";
    let found = this.entries.filter(({ input }) => matchesGlob(input, pattern));
    if (request["unique"] === true) found = [...new Map(found.map((entry) => [entry.input, entry])).values()];
    return typeof request["n"] === "number" ? last(found, request["n"]) : found;
  }
}

const last = (entries: readonly Entry[], count: number) => (count > 0 ? entries.slice(-count) : []);

/**
 * `*` stands for any text, `?` for one character. Step by step and not by a regular expression: many `*` would keep one busy for ever, and
 * the kernel with it.
 */
function matchesGlob(text: string, glob: string): boolean {
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (glob[next] === "*") [star, mark, next] = [next, at, next + 1];
    else if (glob[next] === "?" || (next < glob.length && glob[next] === text[at])) [at, next] = [at + 1, next + 1];
    // The latest `*` takes one character more.
    else if (star >= 0) [next, mark, at] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (glob[next] === "*") next += 1;
  return next === glob.length;
}
