/** The page's theme as colours: plots are drawn by numbers, and can't follow CSS by themselves. */
import { signal, type ReadonlySignal } from "@preact/signals";

export interface Theme {
  dark: boolean;
  text: string;
  page: string;
  muted: string;
  grid: string;
  accent: string;
  font: string;
}

/** Follows the theme until `gone` fires. */
export function watchTheme(host: HTMLElement, gone: AbortSignal): ReadonlySignal<Theme> {
  const theme = signal(readTheme(host));
  const page = host.ownerDocument;
  const refresh = () => {
    const next = readTheme(host);
    if (JSON.stringify(next) !== JSON.stringify(theme.peek())) theme.value = next;
  };
  // A view is made before it is attached, and has no colours until then.
  const attached = new ResizeObserver(refresh);
  attached.observe(host);
  const changed = new MutationObserver(refresh);
  for (const element of [page.documentElement, page.body]) changed.observe(element, { attributes: true });
  // JupyterLab swaps the theme's stylesheet in the head, which finishes loading after the attributes have changed.
  const settled = new MutationObserver(() => setTimeout(refresh, 150));
  settled.observe(page.head, { childList: true });
  page.head.addEventListener("load", refresh, { capture: true, signal: gone });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", refresh, { signal: gone });
  gone.addEventListener("abort", () => {
    for (const observer of [attached, changed, settled]) observer.disconnect();
  });
  return theme;
}

function readTheme(host: HTMLElement): Theme {
  const style = getComputedStyle(host);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const text = resolveColour(host, read("--vt-text") || style.color);
  return {
    // Text is light where the page is dark, whoever made the theme and whatever it is called.
    dark: luminance(text) > 0.5,
    text,
    page: resolveColour(host, read("--vt-page")),
    muted: resolveColour(host, read("--vt-muted")),
    grid: resolveColour(host, read("--vt-line")),
    accent: resolveColour(host, read("--vt-accent")),
    font: style.fontFamily,
  };
}

/** A colour as `rgb(…)`: a plot's library knows neither variables nor `color-mix`. */
function resolveColour(host: HTMLElement, colour: string): string {
  const probe = host.ownerDocument.createElement("span");
  probe.style.cssText = `position: absolute; visibility: hidden; color: ${colour}`;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return asRgb(host.ownerDocument, resolved);
}

const known = new Map<string, string>();

function asRgb(page: Document, colour: string): string {
  if (/^rgba?\(/.test(colour)) return colour;
  const found = known.get(colour);
  if (found) return found;
  const canvas = page.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d");
  if (!brush) return colour;
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = brush.getImageData(0, 0, 1, 1).data;
  const rgb = `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
  known.set(colour, rgb);
  return rgb;
}

/** Rough luminance of an `rgb(…)` colour, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
