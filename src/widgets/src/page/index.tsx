/** The annotation tool as a page of its own: the widget's component without a notebook around it. */
import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { annotation } from "../annotation/index.js";
import type { WidgetDefinition } from "../base/define-widget.js";
import { Frame } from "../base/frame.js";
import { boxes } from "../boxes/index.js";
import { Connection } from "./connection.js";
import { ThemeSwitch } from "./theme-switch.js";

function Page({ connection, host }: { connection: Connection; host: HTMLElement }) {
  const name = connection.widget.value;
  const known = Object.keys(connection.state.value).length > 0;
  if (!known || name === undefined) return <p class="vt-page-wait">Waiting for the pictures …</p>;
  if (name === "Boxes") return <Tool widget={boxes} {...{ connection, host }} />;
  return <Tool widget={annotation} {...{ connection, host }} />;
}

interface ToolProps<S extends object, C, E> {
  widget: WidgetDefinition<S, C, E>;
  connection: Connection;
  host: HTMLElement;
}

function Tool<S extends object, C, E>({ widget, connection, host }: ToolProps<S, C, E>) {
  const { title, Component } = widget;
  useEffect(() => {
    document.title = `${String(connection.state.peek()["dataset"])}: vitrine`;
  }, [connection]);
  const port = useMemo(() => connection.port(widget), [connection, widget]);
  return (
    <Frame
      title={title}
      host={host}
      port={port}
      offline="The server has ended: start it again to go on. Nothing is lost."
    >
      <h1 class="vt-visually-hidden">{`${title}: ${String(connection.state.value["dataset"])}`}</h1>
      <ThemeSwitch />
      <Component port={port} />
    </Frame>
  );
}

const host = document.querySelector<HTMLElement>("main");
if (host) {
  host.classList.add("vt-host");
  const connection = new Connection();
  render(<Page connection={connection} host={host} />, host);
  void connection.run();
}
