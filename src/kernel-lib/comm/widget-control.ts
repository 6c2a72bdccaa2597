/** `jupyter.widget.control`: how a front end that was reloaded asks for every widget's state at once (`request_states`). */
import { splitBuffers } from "./buffers.js";
import { kernelPort, type CommChannel, type CommListener, type JsonObject, type JsonValue } from "./port.js";

interface Snapshot {
  snapshot(): { [key: string]: unknown };
}

const WIDGETS = Symbol.for("vitrine.widgets");

/** Shared by every copy of this module in the process: the kernel answers for the cells' widgets. */
function widgets(): Map<string, Snapshot> {
  const shared = globalThis as { [WIDGETS]?: Map<string, Snapshot> };
  const map = shared[WIDGETS] ?? new Map<string, Snapshot>();
  shared[WIDGETS] = map;
  return map;
}

/** Remembers a live widget, or forgets it. */
export function registerWidget(id: string, widget: Snapshot | undefined): void {
  if (widget) widgets().set(id, widget);
  else widgets().delete(id);
}

/** Called once when a kernel starts. */
export function serveWidgetControl(): void {
  kernelPort()?.registerTarget(
    "jupyter.widget.control",
    (channel) =>
      ({
        onMessage: (data) => {
          if (data["method"] === "request_states") sendStates(channel);
        },
      }) satisfies CommListener,
  );
}

function sendStates(channel: CommChannel): void {
  const states: JsonObject = {};
  const bufferPaths: JsonValue[] = [];
  const buffers: Uint8Array[] = [];
  for (const [id, widget] of widgets()) {
    const state = widget.snapshot();
    const split = splitBuffers(state);
    const { _model_name, _model_module, _model_module_version } = split.json;
    states[id] = {
      model_name: _model_name ?? null,
      model_module: _model_module ?? null,
      model_module_version: _model_module_version ?? null,
      state: split.json,
    };
    for (const path of split.paths) bufferPaths.push([id, "state", ...path]);
    buffers.push(...split.buffers);
  }
  channel.send({ method: "update_states", states, buffer_paths: bufferPaths }, buffers);
}
