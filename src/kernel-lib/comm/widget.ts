/**
 * The kernel's side of a widget: Jupyter's widget protocol 2.1 over a comm.
 *
 * The kernel holds the truth. The browser shows the state and sends commands (custom messages); the kernel changes the state, and
 * every view of it follows. So a reloaded page, a second view or a second tab need nothing special.
 */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";

import { HANDLED, identity, type Presence, type Receipt, type WidgetName } from "../protocol/index.js";
import { Audience } from "./audience.js";
import { joinBuffers, splitBuffers } from "./buffers.js";
import { HandledCommands } from "./handled-commands.js";
import { JUPYTER_DISPLAY, kernelPort, type CommChannel, type JsonObject, type MimeBundle } from "./port.js";
import { showBundle } from "./show.js";
import { registerWidget } from "./widget-control.js";

const METADATA = { version: "2.1.0" };
const VIEW_MIME = "application/vnd.jupyter.widget-view+json";

/** How a widget looks where no kernel makes it live. */
export interface StaticView {
  /** Self-contained: pictures as data URIs, no script. */
  html: string;
  /** For terminals. */
  text: string;
  /** A PNG, for documents that know no HTML. */
  png?: Uint8Array;
}

/** A widget with state `S`, which receives commands `C` from the browser and sends it events `E`. */
export abstract class Widget<S extends object, C = never, E = never> {
  /** Also the comm's id, and the `model_id` of every view. */
  readonly id = randomUUID().replaceAll("-", "");
  private readonly name: WidgetName;
  private channel: CommChannel | undefined;
  private shown = false;
  private readonly handled = new HandledCommands();
  private readonly audience = new Audience();
  protected state: S;

  protected constructor(name: WidgetName, state: S) {
    this.name = name;
    this.state = state;
  }

  /** What a notebook shows that was saved and opened without a kernel, and what plain Node prints. */
  protected abstract staticView(): StaticView | Promise<StaticView>;

  /** A command from the browser. Called at once, also while a cell awaits. */
  protected onCommand?(command: C, buffers: readonly Uint8Array[]): void | Promise<void>;

  /** The browser set traits by itself (a slider, a page): `this.state` has them already. */
  protected onChange?(changed: Partial<S>): void | Promise<void>;

  /** Somebody looks again, after `seen` was false: the state may be out of date. */
  protected onSeen?(): void;

  /** Changes the state and tells every view. */
  protected set(patch: Partial<S>): void {
    this.state = { ...this.state, ...patch };
    this.sendState("update", patch);
  }

  /** Sends the views an event. */
  protected send(event: E, buffers: readonly Uint8Array[] = []): void {
    this.channel?.send({ method: "custom", content: event as JsonObject }, buffers, METADATA);
  }

  /** Whether a front end can see this widget. */
  protected get live(): boolean {
    return this.channel !== undefined;
  }

  /** Whether a page may show this widget; false once every view that there was has gone, as when a cell runs again. */
  protected get seen(): boolean {
    return !this.audience.isGone;
  }

  /** The whole state with the protocol's traits, for `update_states`. */
  snapshot(): { [key: string]: unknown } {
    return { ...identity(this.name), _view_count: null, _dom_classes: [], ...this.state };
  }

  /** Ends the widget: its views vanish. */
  close(): void {
    this.channel?.close();
    this.channel = undefined;
    registerWidget(this.id, undefined);
  }

  /** Shows the widget under the running cell. As a cell's last value it shows itself. */
  async show(): Promise<void> {
    showBundle(await this.bundle(), { displayId: this.id });
    this.shown = true;
  }

  /** Brings what the notebook keeps up to date, where `show` has put it: views that are on screen stay as they are. */
  protected async refreshStatic(): Promise<void> {
    if (this.shown && this.channel) showBundle(await this.bundle(), { displayId: this.id, update: true });
  }

  async [JUPYTER_DISPLAY](): Promise<MimeBundle> {
    return this.bundle();
  }

  [inspect.custom](): string {
    return `${this.name} widget. It is live in JupyterLab on the vitrine kernel; here: await widget.show()`;
  }

  private async bundle(): Promise<MimeBundle> {
    this.witness(() => this.audience.expect());
    this.open();
    const view = await this.staticView();
    const hint = this.channel ? "" : `<p><em>${NO_KERNEL}</em></p>`;
    const bundle: MimeBundle = { "text/plain": this.channel ? view.text : `${view.text}\n${NO_KERNEL}` };
    bundle["text/html"] = view.html + hint;
    if (view.png) bundle["image/png"] = Buffer.from(view.png).toString("base64");
    if (this.channel) bundle[VIEW_MIME] = { version_major: 2, version_minor: 1, model_id: this.id };
    return bundle;
  }

  private open(): void {
    const port = kernelPort();
    if (this.channel || !port) return;
    const { json, paths, buffers } = splitBuffers(this.snapshot());
    const data = { state: json, buffer_paths: paths };
    const listener = {
      onMessage: (message: JsonObject, received: readonly Uint8Array[]) => this.receive(message, received),
      onClose: () => {
        this.channel = undefined;
      },
    };
    this.channel = port.openComm("jupyter.widget", data, { metadata: METADATA, buffers, listener, id: this.id });
    registerWidget(this.id, this);
  }

  private witness(change: () => void): void {
    const { seen } = this;
    change();
    if (!seen && this.seen) this.onSeen?.();
  }

  private async receive(data: JsonObject, buffers: readonly Uint8Array[]): Promise<void> {
    const content = (data["content"] ?? {}) as JsonObject;
    const { presence } = content;
    if (presence) {
      this.witness(() => this.audience.take(presence as Partial<Presence>));
      return;
    }
    this.witness(() => this.audience.expect());
    if (data["method"] === "request_state") this.sendState("update", this.snapshot());
    else if (data["method"] === "custom") await this.command(content, buffers);
    else if (data["method"] === "update") await this.receiveUpdate(data, buffers);
  }

  /** What the command changes goes out with its receipt; where it changes nothing, the receipt goes alone. */
  private async command({ receipt, ...command }: JsonObject, buffers: readonly Uint8Array[]): Promise<void> {
    if (receipt) this.handled.take(receipt as Partial<Receipt>);
    try {
      await this.onCommand?.(command as C, buffers);
    } finally {
      if (this.handled.unsaid) this.sendState("update", {});
    }
  }

  private async receiveUpdate(data: JsonObject, buffers: readonly Uint8Array[]): Promise<void> {
    const paths = (data["buffer_paths"] ?? []) as (string | number)[][];
    const sent = joinBuffers((data["state"] ?? {}) as JsonObject, paths, buffers);
    // Only traits that the widget has: a front end may send its own, and nothing foreign enters the state.
    const known = Object.entries(sent).filter(([key]) => Object.hasOwn(this.state, key));
    const changed = Object.fromEntries(known) as Partial<S>;
    this.state = { ...this.state, ...changed };
    this.sendState("echo_update", changed);
    await this.onChange?.(changed);
  }

  private sendState(method: "update" | "echo_update", state: object): void {
    if (!this.channel) return;
    const said = method === "update" && this.handled.unsaid ? { ...state, [HANDLED]: this.handled.say() } : state;
    const { json, paths, buffers } = splitBuffers(said);
    this.channel.send({ method, state: json, buffer_paths: paths }, buffers, METADATA);
  }
}

const NO_KERNEL = "This is a picture of the widget. It is live in JupyterLab on the vitrine kernel: npm start.";
