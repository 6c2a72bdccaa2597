/** `input(prompt)`: a question to the person at the notebook, by the stdin channel. One at a time. */
import type { Cells } from "./cells.js";
import { Interrupted } from "./error-report.js";
import { textField, type Message } from "./messages.js";

export type Ask = (request: Message, content: { prompt: string; password: boolean }) => void;

interface Question {
  resolve(answer: string): void;
  reject(error: Error): void;
}

export class Stdin {
  private readonly cells: Cells;
  private readonly ask: Ask;
  private open: Question | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(cells: Cells, ask: Ask) {
    this.cells = cells;
    this.ask = ask;
  }

  /** @throws Error where the front end can't be asked; `Interrupted` on an interrupt. */
  async input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
    const cell = this.cells.current;
    if (!cell?.allowsInput) throw new Error("Nobody can be asked here: the front end does not allow input");
    const answer = this.turn.then(() => {
      if (cell.interrupted) throw new Interrupted();
      return new Promise<string>((resolve, reject) => {
        this.open = { resolve, reject };
        this.ask(cell.request, { prompt: prompt, password: options.password === true });
      });
    });
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  answer(message: Message): void {
    const question = this.open;
    this.open = undefined;
    question?.resolve(textField(message.content, "value"));
  }

  cancel(): void {
    const question = this.open;
    this.open = undefined;
    question?.reject(new Interrupted());
  }
}
