/** Shows a mime bundle wherever this runs: in vitrine's kernel, in the stock tslab kernel, in a terminal. */
import { kernelPort, type DisplayOptions, type MimeBundle } from "./port.js";

export function showBundle(bundle: MimeBundle, options?: DisplayOptions): void {
  const port = kernelPort();
  if (port) {
    port.display(bundle, options);
    return;
  }
  const tslab = stockTslab();
  if (tslab && typeof bundle["text/html"] === "string") tslab.html(bundle["text/html"]);
  else if (tslab && typeof bundle["image/png"] === "string") tslab.png(Buffer.from(bundle["image/png"], "base64"));
  else if (typeof bundle["text/plain"] === "string") process.stdout.write(`${bundle["text/plain"]}\n`);
}

interface TslabDisplay {
  html(html: string): void;
  png(bytes: Uint8Array): void;
}

/** Stock tslab's display functions, where this runs in a cell of its kernel. */
function stockTslab(): TslabDisplay | undefined {
  // Only a process that tslab started has it loaded; looking it up must not load it.
  const paths = Object.keys(require.cache).filter((path) => /[\\/]tslab[\\/]dist[\\/][^\\/]+\.js$/.test(path));
  for (const path of paths) {
    const { display } = (require.cache[path]?.exports ?? {}) as { display?: Partial<TslabDisplay> };
    if (typeof display?.html === "function" && typeof display.png === "function") return display as TslabDisplay;
  }
  return undefined;
}
