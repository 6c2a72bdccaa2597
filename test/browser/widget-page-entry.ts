/**
 * The page of the widget tests: Jupyter's own widget manager and base, and vitrine's bundle as JupyterLab loads it. Its kernel is in the
 * test's process.
 */
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import { Widget } from "@lumino/widgets";

import type { PageMessage } from "./page-kernel.js";

type ClassMap = { [name: string]: typeof base.WidgetModel & typeof base.WidgetView };

let widgets: ClassMap = {};

class PageManager extends ManagerBase {
  protected override loadClass(name: string, module: string): Promise<never> {
    const found = (module === "vitrine-widgets" ? widgets : (base as unknown as ClassMap))[name];
    return found ? Promise.resolve(found as never) : Promise.reject(new Error(`no class ${module} ${name}`));
  }
  protected override _create_comm(): Promise<base.IClassicComm> {
    return Promise.reject(new Error("the kernel opens the comms"));
  }
  protected override _get_comm_info(): Promise<object> {
    return Promise.resolve({});
  }
}

const manager = new PageManager();
const comms = new Map<string, PageComm>();
let messages = 0;

class PageComm implements base.IClassicComm {
  readonly target_name = "jupyter.widget";
  readonly comm_id: string;
  receive: (message: unknown) => void = () => undefined;
  closed: (message: unknown) => void = () => undefined;
  constructor(id: string) {
    this.comm_id = id;
    comms.set(id, this);
  }
  open(): string {
    return "";
  }
  send(data: unknown, callbacks?: base.ICallbacks, _metadata?: unknown, buffers: unknown[] = []): string {
    const id = `message-${messages++}`;
    const bytes = (buffers as (ArrayBuffer | ArrayBufferView)[]).map((one) => toBase64(one));
    void window.toKernel({ comm: this.comm_id, id, data, buffers: bytes }).then(() => {
      // The front end's throttle waits until the kernel is idle again.
      callbacks?.iopub?.["status"]?.({ content: { execution_state: "idle" } } as never);
    });
    return id;
  }
  close(): string {
    return "";
  }
  on_msg(callback: (message: unknown) => void): void {
    this.receive = callback;
  }
  on_close(callback: (message: unknown) => void): void {
    this.closed = callback;
  }
}

const bytesOf = (text: string) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

function toBase64(bytes: ArrayBuffer | ArrayBufferView): string {
  const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes;
  return btoa(String.fromCharCode(...new Uint8Array(view as ArrayBuffer)));
}

/** What the test calls. */
const page = {
  /** Loads the bundle by its container, as JupyterLab does; returns what the plugin registered. */
  async load(): Promise<{ module: string; version: string; notebookExtensions: number }> {
    type Container = { init(scope: object): Promise<void>; get(name: string): Promise<() => { default: Plugin }> };
    type Plugin = { activate(app: object, registry: object): void };
    const { _JUPYTERLAB } = window as unknown as { _JUPYTERLAB: { [name: string]: Container } };
    const container = _JUPYTERLAB["vitrine-widgets"];
    if (!container) throw new Error("the bundle did not put its container under _JUPYTERLAB");
    const shared = { get: () => Promise.resolve(() => base) };
    const old = { get: () => Promise.reject(new Error("an old version was taken")) };
    await container.init({
      "@jupyter-widgets/base": { "4.1.7": old, "6.0.2": old, "6.0.12": shared, "7.0.0-alpha.1": old },
    });
    const plugin = (await container.get("./extension"))().default;
    const registered = { module: "", version: "", notebookExtensions: 0 };
    plugin.activate(
      { docRegistry: { addWidgetExtension: () => registered.notebookExtensions++ } },
      {
        registerWidget: (data: { name: string; version: string; exports: ClassMap }) => {
          registered.module = data.name;
          registered.version = data.version;
          widgets = data.exports;
        },
      },
    );
    return registered;
  },

  /** The AMD bundle, as a page with require.js loads it; returns the names that it exports. */
  async loadAmd(url: string): Promise<string[]> {
    const exported = new Promise<object>((resolve) => {
      const define = (needs: string[], factory: (...modules: unknown[]) => object) => {
        resolve(factory(...needs.map((need) => (need === "module" ? { uri: url } : base))));
      };
      (window as unknown as { define: unknown }).define = Object.assign(define, { amd: {} });
    });
    const script = document.createElement("script");
    script.src = url;
    document.head.append(script);
    widgets = (await exported) as ClassMap;
    return Object.keys(widgets).sort();
  },

  async receive({ kind, comm, data, buffers }: PageMessage): Promise<void> {
    const content = { comm_id: comm, data, target_name: "jupyter.widget" };
    const message = { content, metadata: { version: "2.1.0" }, buffers: buffers.map(bytesOf), parent_header: {} };
    if (kind === "open") await manager.handle_comm_open(new PageComm(comm), message as never);
    else if (kind === "message") comms.get(comm)?.receive(message);
    else comms.get(comm)?.closed(message);
  },

  /** Shows a view of a widget; returns which one it is. */
  async show(id: string): Promise<void> {
    const model = await manager.get_model(id);
    if (!(model instanceof base.DOMWidgetModel)) throw new Error("the widget has no view of its own");
    const view: unknown = await manager.create_view(model);
    if (!(view instanceof base.DOMWidgetView)) throw new Error("the widget has no view of its own");
    const place = document.createElement("div");
    place.className = "cell";
    document.querySelector("main")?.append(place);
    Widget.attach(view.luminoWidget, place);
  },

  /** The kernel is gone: JupyterLab takes the comms from the models, which stay on the page. */
  async disconnect(): Promise<void> {
    for (const id of comms.keys()) (await manager.get_model(id)).comm_live = false;
  },

  /** Removes every view. */
  async removeViews(): Promise<void> {
    for (const id of comms.keys()) {
      const model = await manager.get_model(id);
      for (const view of Object.values(model.views ?? {})) (await view).remove();
    }
  },

  setTheme(theme: "light" | "dark"): void {
    document.body.dataset["jpThemeLight"] = String(theme === "light");
    document.body.className = theme;
  },
};

export type WidgetTestPage = typeof page;

declare global {
  interface Window {
    vitrineTest: WidgetTestPage;
    toKernel(message: { comm: string; id: string; data: unknown; buffers: string[] }): Promise<void>;
  }
}

window.vitrineTest = page;
