/** A widget's browser side, wherever it is shown: in a notebook, or on a page of its own. */
import type { ComponentType } from "preact";

import type { WidgetName } from "../../../kernel-lib/protocol/index.js";
import type { Predict } from "./pending-commands.js";
import type { WidgetPort } from "./port.js";

export interface WidgetProps<S extends object, C = never, E = never> {
  port: WidgetPort<S, C, E>;
}

export interface WidgetDefinition<S extends object, C = never, E = never> {
  /** In the protocol. */
  name: WidgetName;
  /** What a screen reader calls the widget. */
  title: string;
  /** The state with its defaults, from the protocol; only these traits reach the component. */
  defaults: S;
  /** Shows the state; reading `port.state.value` in it keeps it up to date. */
  Component: ComponentType<WidgetProps<S, C, E>>;
  /** What a command will do, for what is shown until the kernel has answered. Without it, only what the kernel says is shown. */
  predict?: Predict<S, C>;
}

export function defineWidget<S extends object, C, E>(
  name: WidgetName,
  title: string,
  defaults: S,
  Component: ComponentType<WidgetProps<S, C, E>>,
  predict?: Predict<S, C>,
): WidgetDefinition<S, C, E> {
  return { name, title, defaults, Component, ...(predict && { predict }) };
}
