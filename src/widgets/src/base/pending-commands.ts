/**
 * Commands that the kernel has not answered yet, and the state with them as far as this side can tell what they will do: on a slow line
 * one sees at once what one did, and does the next thing to what one sees.
 */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Handled, Receipt } from "../../../kernel-lib/protocol/index.js";

/**
 * The state after the command: the same object where it changes nothing that is shown, undefined where only the kernel can tell. What is
 * sent after that waits for the kernel, too.
 */
export type Predict<S, C> = (state: S, command: C) => S | undefined;

export class PendingCommands<S extends object, C> {
  /** The kernel's state with what is on its way to it. */
  readonly state: ReadonlySignal<S>;
  /** The number of the first command that the kernel has not answered; 0 where it has answered all. */
  readonly unanswered: ReadonlySignal<number>;
  private readonly known: Signal<S>;
  private readonly sent = signal<readonly { number: number; command: C }[]>([]);
  private readonly predict: Predict<S, C>;
  /** Not crypto's: pages without TLS have none. */
  private readonly view = Math.random().toString(36).slice(2);
  private count = 0;

  /** @param known the kernel's state */
  constructor(known: S, predict: Predict<S, C>) {
    this.known = signal(known);
    this.predict = predict;
    this.unanswered = computed(() => this.sent.value[0]?.number ?? 0);
    this.state = computed(() => {
      let state = this.known.value;
      for (const { command } of this.sent.value) {
        const next = predict(state, command);
        if (!next) return state;
        state = next;
      }
      return state;
    });
  }

  /** The command as it is to be sent: with a receipt where something is to be seen of it. */
  sign(command: C): C | (C & { receipt: Receipt }) {
    const now = this.state.peek();
    if (this.predict(now, command) === now) return command;
    const number = ++this.count;
    this.sent.value = [...this.sent.peek(), { number, command }];
    return { ...command, receipt: { view: this.view, number } };
  }

  /** The kernel's state has come, and with it how far the kernel is. */
  receive(state: S, handled: Handled | undefined): void {
    const last = handled?.[this.view] ?? 0;
    const left = this.sent.peek().filter(({ number }) => number > last);
    batch(() => {
      this.known.value = state;
      if (left.length < this.sent.peek().length) this.sent.value = left;
    });
  }

  /** Nobody will answer: what was sent is not shown any more. */
  clear(): void {
    this.sent.value = [];
  }
}
