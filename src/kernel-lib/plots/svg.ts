/** SVG as text, with everything escaped that isn't ours: a label may hold anything. */

type Attribute = string | number | undefined;

const ENTITIES: { [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeXml(value: string): string {
  // Half a surrogate pair, and what XML 1.0 can't hold at all, would make the whole picture unreadable.
  const legal = value.replace(/\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "\ufffd");
  return legal.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** An attribute that is undefined is left out. `content` is markup already. */
export function element(name: string, attributes: { [attribute: string]: Attribute }, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** In pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TextOptions {
  anchor?: "start" | "middle" | "end";
  size?: number;
  fill?: string;
  weight?: number;
  /** Degrees, around the text's own place. */
  rotate?: number;
}

export function text(content: string, x: number, y: number, options: TextOptions = {}): string {
  const { anchor, size, fill, weight, rotate } = options;
  const place = { x: x.toFixed(1), y: y.toFixed(1) };
  return element(
    "text",
    {
      ...place,
      "text-anchor": anchor,
      "font-size": size,
      fill,
      "font-weight": weight,
      transform: rotate === undefined ? undefined : `rotate(${rotate} ${place.x} ${place.y})`,
    },
    escapeXml(content),
  );
}

/** Roughly how wide a text is, in pixels: there is no font to measure it with. */
export function roughWidth(content: string, size = 12): number {
  return content.length * size * 0.56;
}

/** At most `limit` pixels of it. */
export function shorten(content: string, limit: number, size = 12): string {
  const letters = Math.max(3, Math.floor(limit / (size * 0.56)));
  return content.length > letters ? `${content.slice(0, letters - 1)}…` : content;
}
