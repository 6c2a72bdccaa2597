/** The page's line to its server: state in, commands out, in their order; a line that breaks is taken up again. */
import { batch, signal, type Signal } from "@preact/signals";

import { PAGE_COMMAND, PAGE_MESSAGES, type WidgetName } from "../../../kernel-lib/protocol/index.js";
import type { WidgetPort } from "../base/port.js";
import { readFrames, type ReceivedFrame } from "./read-frames.js";

type State = { [trait: string]: unknown };
type Listener = (event: unknown, buffers: readonly DataView[]) => void;

/** Between two tries, in milliseconds. */
const PAUSE = 1000;

export class Connection {
  /** Which widget the server shows, once it has said so. */
  readonly widget = signal<WidgetName | undefined>(undefined);
  readonly live = signal(false);
  readonly state: Signal<State> = signal({});
  private readonly listeners = new Set<Listener>();
  private sending: Promise<unknown> = Promise.resolve();

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
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** What a component sees of the widget. `defaults` names its traits. */
  port<S extends object, C, E>(defaults: S): WidgetPort<S, C, E> {
    return {
      // The server's state has the widget's traits: both are from the protocol.
      state: this.state as Signal<object> as Signal<S>,
      live: this.live,
      signal: new AbortController().signal,
      send: (content) => this.post({ method: "custom", content }),
      set: (patch) => {
        const known = Object.entries(patch).filter(([trait]) => Object.hasOwn(defaults, trait));
        this.state.value = { ...this.state.peek(), ...Object.fromEntries(known) };
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
        this.live.value = true;
      }
    });
  }
}
