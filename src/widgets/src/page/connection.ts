/** The page's line to its server: state in, commands out, in their order; a line that breaks is taken up again. */
import { batch, signal, type Signal } from "@preact/signals";

import {
  HANDLED,
  PAGE_COMMAND,
  PAGE_MESSAGES,
  type Handled,
  type WidgetName,
} from "../../../kernel-lib/protocol/index.js";
import type { WidgetDefinition } from "../base/define-widget.js";
import { PendingCommands } from "../base/pending-commands.js";
import type { WidgetPort } from "../base/port.js";
import { readFrames, type ReceivedFrame } from "./read-frames.js";

type State = { [trait: string]: unknown };
type Listener = (event: unknown, buffers: readonly DataView[]) => void;

/** Between two tries, in milliseconds. */
const PAUSE = 1000;

const NONE = signal(0);

export class Connection {
  /** Which widget the server shows, once it has said so. */
  readonly widget = signal<WidgetName | undefined>(undefined);
  readonly live = signal(false);
  readonly state: Signal<State> = signal({});
  private readonly listeners = new Set<Listener>();
  private sending: Promise<unknown> = Promise.resolve();
  private pending: { follow: () => void; clear: () => void } | undefined;

  /** Reads for as long as the page is there. */
  async run(): Promise<never> {
    for (;;) {
      try {
        const { ok, body } = await fetch(PAGE_MESSAGES, { cache: "no-store" });
        if (ok && body) await readFrames(body, (frame) => this.receive(frame));
      } catch {
        // The server is not there: that is what `live` says, and the next try will see.
      }
      this.live.value = false;
      this.pending?.clear();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** What a component sees of the widget. */
  port<S extends object, C, E>({ defaults, predict }: WidgetDefinition<S, C, E>): WidgetPort<S, C, E> {
    // The server's state has the widget's traits: both are from the protocol.
    const state = this.state as Signal<object> as Signal<S>;
    const pending = predict && new PendingCommands<S, C>(state.peek(), predict);
    this.pending = pending && {
      follow: () => pending.receive(state.peek(), this.state.peek()[HANDLED] as Handled | undefined),
      clear: () => pending.clear(),
    };
    return {
      state: pending?.state ?? state,
      unanswered: pending?.unanswered ?? NONE,
      live: this.live,
      signal: new AbortController().signal,
      send: (command) => this.post({ method: "custom", content: pending?.sign(command) ?? command }),
      set: (patch) => {
        const known = Object.entries(patch).filter(([trait]) => Object.hasOwn(defaults, trait));
        this.state.value = { ...this.state.peek(), ...Object.fromEntries(known) };
        this.pending?.follow();
        this.post({ method: "update", state: Object.fromEntries(known) });
      },
      onEvent: (listener) => void this.listeners.add(listener as Listener),
    };
  }

  private post(data: object): void {
    const request = () => fetch(PAGE_COMMAND, { method: "POST", body: JSON.stringify(data) });
    // One after the other: a label must not overtake the move before it.
    this.sending = this.sending.then(request).catch(() => undefined);
  }

  private receive({ data, buffers }: ReceivedFrame): void {
    if (data.method === "custom") {
      for (const listener of this.listeners) listener(data.content, buffers);
      return;
    }
    batch(() => {
      if (data.method === "open") this.widget.value = data.widget;
      else {
        this.state.value = { ...this.state.peek(), ...data.state };
        this.pending?.follow();
        this.live.value = true;
      }
    });
  }
}
