/**
 * A widget's browser side from one component: a model and a view for `@jupyter-widgets/base`, and between them and the component
 * a `WidgetPort`. A view that goes takes its signals, listeners and object URLs with it.
 */
import { DOMWidgetModel, DOMWidgetView, type WidgetModel } from "@jupyter-widgets/base";
import { signal } from "@preact/signals";
import { render, type ComponentType } from "preact";

import { identity, type WidgetName } from "../../../kernel-lib/protocol/index.js";
import { Frame } from "./frame.js";
import type { WidgetPort } from "./port.js";

export interface WidgetProps<S extends object, C = never, E = never> {
  port: WidgetPort<S, C, E>;
}

export interface WidgetClasses {
  Model: typeof DOMWidgetModel;
  View: typeof DOMWidgetView;
}

/**
 * The model and view classes of a widget.
 *
 * @param name the widget's name in the protocol
 * @param title what a screen reader calls the widget
 * @param defaults the state with its defaults, from the protocol; only these traits reach the component
 * @param Component shows the state; reading `port.state.value` in it keeps it up to date
 */
export function defineWidget<S extends object, C, E>(
  name: WidgetName,
  title: string,
  defaults: S,
  Component: ComponentType<WidgetProps<S, C, E>>,
): WidgetClasses {
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
      const port = viewPort<S, C, E>(this, Object.keys(defaults), this.gone.signal);
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

/** The port between one view's model and its component. */
function viewPort<S extends object, C, E>(
  view: DOMWidgetView,
  traits: readonly string[],
  gone: AbortSignal,
): WidgetPort<S, C, E> {
  const { model } = view;
  const read = () => Object.fromEntries(traits.map((trait) => [trait, model.get(trait) as unknown])) as S;
  const state = signal(read());
  const live = signal(model.comm_live);
  view.listenTo(model, "change", () => (state.value = read()));
  view.listenTo(model, "comm_live_update", () => (live.value = model.comm_live));
  return {
    state,
    live,
    signal: gone,
    send: (command, buffers = []) => {
      model.send(command as Parameters<WidgetModel["send"]>[0], view.callbacks(), [...buffers]);
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
