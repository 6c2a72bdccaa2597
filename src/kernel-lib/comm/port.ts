/**
 * The kernel as the library sees it. A kernel puts its port under `globalThis[Symbol.for("vitrine.kernel")]`: the kernel's
 * copy of a module and a cell's copy may be two instances, and meet there. Without one (plain Node, stock tslab) widgets show
 * their static picture or table.
 */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** Mime type to content, as Jupyter's `display_data` carries it. */
export type MimeBundle = { [mime: string]: unknown };

/** One open comm; see Jupyter's messaging protocol, "Custom Messages". */
export interface CommChannel {
  readonly id: string;
  send(data: JsonObject, buffers?: readonly Uint8Array[], metadata?: JsonObject): void;
  close(data?: JsonObject): void;
}

/** What arrives on a comm. Called at once, also while a cell awaits. */
export interface CommListener {
  onMessage(data: JsonObject, buffers: readonly Uint8Array[]): void | Promise<void>;
  onClose?(data: JsonObject): void;
}

export interface OpenCommOptions {
  /** The comm's id; a fresh one by default. */
  id?: string;
  metadata?: JsonObject;
  buffers?: readonly Uint8Array[];
  listener: CommListener;
}

export interface DisplayOptions {
  metadata?: JsonObject;
  /** `transient.display_id`, so that the output can be updated later. */
  displayId?: string;
  /** Replace the content of `displayId` where it is shown. */
  update?: boolean;
}

export interface KernelPort {
  openComm(target: string, data: JsonObject, options: OpenCommOptions): CommChannel;
  /** The front end opens comms of this target itself: `jupyter.widget.control`, say. */
  registerTarget(target: string, open: (channel: CommChannel, data: JsonObject) => CommListener): void;
  /** Shows a bundle under the cell that is asking. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Empties the output of the cell that is asking; with `wait`, only when something new takes its place. */
  clearOutput?(wait?: boolean): void;
  /** Asks the person at the notebook, and waits for the answer. */
  input?(prompt?: string, options?: { password?: boolean }): Promise<string>;
  /** The running cell's interrupt. */
  readonly cellSignal: AbortSignal | undefined;
}

const KERNEL = Symbol.for("vitrine.kernel");

/** The kernel this code runs in, if it is vitrine's. */
export function kernelPort(): KernelPort | undefined {
  return (globalThis as { [KERNEL]?: KernelPort })[KERNEL];
}

/** Called once by a kernel (or a test) that can serve the library; `undefined` takes it away again. */
export function installKernelPort(port: KernelPort | undefined): void {
  (globalThis as { [KERNEL]?: KernelPort | undefined })[KERNEL] = port;
}

/**
 * An object with this method chooses how it is shown as a cell's value: `{ "text/plain": …, "text/html": … }`, or a promise of
 * it. The name is the one that Deno's kernel documents.
 */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");
