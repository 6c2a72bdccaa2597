/** The kernel as the library sees it; see `comm/port.ts`. */
import type { DisplayOptions, KernelPort, MimeBundle } from "../comm/port.js";
import type { Cells } from "./cells.js";
import type { CommManager } from "./comm-manager.js";
import { encodeBundle } from "./display-data.js";
import type { Outgoing } from "./messages.js";
import type { Stdin } from "./stdin.js";

export interface KernelPortParts {
  readonly cells: Cells;
  readonly comms: CommManager;
  readonly stdin: Stdin;
  readonly publish: (message: Outgoing) => void;
}

export function createKernelPort({ cells, comms, stdin, publish }: KernelPortParts): KernelPort {
  const publishHere = (type: string, content: object) => publish({ type, content, parent: cells.scope?.parent });
  return {
    openComm: (target, data, options) => comms.open(target, data, options),
    registerTarget: (target, open) => comms.registerTarget(target, open),
    display: (bundle, options = {}) => {
      const type = options.update === true ? "update_display_data" : "display_data";
      publishHere(type, displayContent(bundle, options));
    },
    clearOutput: (wait = false) => publishHere("clear_output", { wait }),
    input: (prompt, options) => stdin.input(prompt, options),
    get cellSignal() {
      return cells.current?.signal;
    },
  };
}

function displayContent(bundle: MimeBundle, { metadata = {}, displayId }: DisplayOptions): object {
  const transient = displayId === undefined ? {} : { display_id: displayId };
  return { data: encodeBundle(bundle), metadata, transient };
}
