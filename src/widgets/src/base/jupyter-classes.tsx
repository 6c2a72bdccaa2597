/**
 * A widget as Jupyter has it: a model and a view for `@jupyter-widgets/base`, and between them and the widget's component a
 * `WidgetPort`. A view that goes takes its signals, listeners and object URLs with it.
 */
import { DOMWidgetModel, DOMWidgetView, type WidgetModel } from "@jupyter-widgets/base";
import { signal } from "@preact/signals";
import { render } from "preact";

import { HANDLED, identity, type Handled, type PresenceCommand } from "../../../kernel-lib/protocol/index.js";
import type { WidgetDefinition } from "./define-widget.js";
import { Frame } from "./frame.js";
import { PendingCommands } from "./pending-commands.js";
import type { WidgetPort } from "./port.js";

export interface WidgetClasses {
  Model: typeof DOMWidgetModel;
  View: typeof DOMWidgetView;
}

/** The model and view classes of a widget. */
export function jupyterClasses<S extends object, C, E>(widget: WidgetDefinition<S, C, E>): WidgetClasses {
  const { name, title, defaults, Component } = widget;
  class Model extends DOMWidgetModel {
    override defaults() {
      return { ...super.defaults(), ...identity(name), ...structuredClone(defaults) };
    }
  }

  class View extends DOMWidgetView {
    private readonly gone = new AbortController();

    override render() {
      this.el.classList.add("vt-host");
      keepKeys(this.el, this.gone.signal);
      const port = viewPort(this, widget, this.gone.signal);
      tellPresence(this, this.gone.signal);
      render(
        <Frame title={title} host={this.el} port={port}>
          <Component port={port} />
        </Frame>,
        this.el,
      );
    }

    override remove() {
      this.gone.abort();
      render(null, this.el);
      return super.remove() as this;
    }
  }
  return { Model, View };
}

/**
 * Lumino, and with it JupyterLab, then leaves the keys to the widget: an "a" must not insert a cell. The focused element must bear the
 * mark itself: a shortcut for `.jp-Notebook :focus` matches it before its ancestors are asked.
 */
function keepKeys(host: HTMLElement, gone: AbortSignal): void {
  const mark = (element: Element) => element.setAttribute("data-lm-suppress-shortcuts", "true");
  mark(host);
  host.addEventListener("focusin", ({ target }) => target instanceof Element && mark(target), { signal: gone });
}

/** The kernel hears that the view is there, again where its line was broken, and that it goes. */
function tellPresence(view: DOMWidgetView, gone: AbortSignal): void {
  // Not crypto's: pages without TLS have none.
  const name = Math.random().toString(36).slice(2);
  const tell = (here: boolean) => {
    if (view.model.comm_live) view.model.send({ presence: { view: name, here } } satisfies PresenceCommand, {});
  };
  tell(true);
  view.listenTo(view.model, "comm_live_update", () => tell(true));
  gone.addEventListener("abort", () => tell(false));
  // A page that is loaded again removes no views.
  window.addEventListener("pagehide", () => tell(false), { signal: gone });
  window.addEventListener("pageshow", () => tell(true), { signal: gone });
}

/** The port between one view's model and its component. */
function viewPort<S extends object, C, E>(
  view: DOMWidgetView,
  { defaults, predict }: WidgetDefinition<S, C, E>,
  gone: AbortSignal,
): WidgetPort<S, C, E> {
  const { model } = view;
  const traits = Object.keys(defaults);
  const read = () => Object.fromEntries(traits.map((trait) => [trait, model.get(trait) as unknown])) as S;
  const state = signal(read());
  const live = signal(model.comm_live);
  const pending = predict && new PendingCommands<S, C>(state.peek(), predict);
  view.listenTo(model, "change", () => {
    state.value = read();
    pending?.receive(state.peek(), model.get(HANDLED) as Handled | undefined);
  });
  view.listenTo(model, "comm_live_update", () => {
    live.value = model.comm_live;
    if (!live.value) pending?.clear();
  });
  gone.addEventListener("abort", () => pending?.clear());
  return {
    state: pending?.state ?? state,
    unanswered: pending?.unanswered ?? signal(0),
    live,
    signal: gone,
    send: (command, buffers = []) => {
      const content = pending?.sign(command) ?? command;
      model.send(content as Parameters<WidgetModel["send"]>[0], view.callbacks(), [...buffers]);
    },
    set: (patch) => {
      model.set(patch);
      view.touch();
    },
    onEvent: (listener) => {
      view.listenTo(model, "msg:custom", (event: E, buffers?: readonly DataView[]) => {
        listener(event, buffers ?? []);
      });
    },
  };
}
