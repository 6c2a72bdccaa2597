/** Shows a mime bundle wherever this runs: in vitrine's kernel, in the stock tslab kernel, in a terminal. */
import { kernelPort, type DisplayOptions, type MimeBundle } from "./port.js";

export function showBundle(bundle: MimeBundle, options?: DisplayOptions): void {
  const port = kernelPort();
  if (port) {
    port.display(bundle, options);
    return;
  }
  const write = stockTslab();
  if (write) write(tslabContent(bundle, options), options?.update === true);
  else if (typeof bundle["text/plain"] === "string") process.stdout.write(`${bundle["text/plain"]}\n`);
}

type TslabWrite = (content: object, update: boolean) => void;

/**
 * What stock tslab's own `display` writes with, where this runs in a cell of its kernel. The kernel always has this module
 * loaded, and sets its function with the first cell; looking it up loads nothing elsewhere.
 */
function stockTslab(): TslabWrite | undefined {
  for (const [path, module] of Object.entries(require.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const { lastWriteDisplayData: write } = (module?.exports ?? {}) as { lastWriteDisplayData?: unknown };
    if (typeof write === "function") return write as TslabWrite;
  }
  return undefined;
}

function tslabContent(data: MimeBundle, { metadata = {}, displayId }: DisplayOptions = {}): object {
  return { data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } };
}
