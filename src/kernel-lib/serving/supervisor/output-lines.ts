/** What a process prints, line by line, and no more of it than a log can take. */

/** Lines a second; what is beyond them is counted. */
const MAX_LINES = 500;
/** Characters of a line. */
const MAX_LENGTH = 4000;

export class OutputLines {
  private readonly onLine: (line: string) => void;
  /** A line whose end has not come yet. */
  private rest = "";
  private second = 0;
  private lines = 0;
  private dropped = 0;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = (lines.pop() ?? "").slice(0, MAX_LENGTH);
    for (const line of lines) if (line.trim() !== "") this.tell(line.slice(0, MAX_LENGTH));
  }

  /** The process has ended. */
  end(): void {
    if (this.rest.trim() !== "") this.tell(this.rest);
    this.rest = "";
    this.tellDropped();
  }

  private tell(line: string): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.second) {
      this.tellDropped();
      this.second = second;
      this.lines = 0;
    }
    if (++this.lines <= MAX_LINES) this.onLine(line);
    else this.dropped++;
  }

  private tellDropped(): void {
    if (this.dropped > 0) this.onLine(`… ${this.dropped} more lines`);
    this.dropped = 0;
  }
}
