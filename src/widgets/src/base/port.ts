/** What a component sees of its widget: state as a signal, commands out, events in. */
import type { ReadonlySignal } from "@preact/signals";

export interface WidgetPort<S extends object, C = never, E = never> {
  /** The kernel's state as last received, with what it has not answered yet where the widget can tell what that will do. */
  readonly state: ReadonlySignal<S>;
  /** The number of the first command that is shown and that the kernel has not answered; 0 where there is none. */
  readonly unanswered: ReadonlySignal<number>;
  /** Sends the kernel a command. */
  send(command: C, buffers?: readonly ArrayBuffer[]): void;
  /** Sets traits from the browser's side and syncs them to the kernel. */
  set(patch: Partial<S>): void;
  /** Listens to the kernel's events until the view goes. */
  onEvent(listener: (event: E, buffers: readonly DataView[]) => void): void;
  /** Fires when the view goes: remove listeners, revoke object URLs. */
  readonly signal: AbortSignal;
  /** Whether a kernel is there to answer. */
  readonly live: ReadonlySignal<boolean>;
}
