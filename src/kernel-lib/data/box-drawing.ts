/**
 * Boxes as SVG over a picture: a frame in the label's colour with a dark edge, so that it is seen on any ground, and the label on a
 * plate of that colour, in letters that grow with the picture but never get too small to read.
 */

export interface DrawnBox {
  label: string;
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
  /** In 0..1, shown after the label. */
  score?: number;
  /** Drawn with dashes. */
  difficult?: boolean;
}

interface Sheet {
  /** Of the drawing, in pixels. */
  width: number;
  height: number;
  /** Pixels of the drawing a pixel of the picture. */
  scale: number;
  labels: readonly string[];
}

interface Plate {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The colours that the widgets give labels: a thing looks the same drawn on a picture and in the tool. */
const COLOURS = [
  ...["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800"],
  ...["#882255", "#44aa99", "#7f63c9", "#8a8a8a", "#6f7f1c"],
];

export function colourOf(label: string, labels: readonly string[]): string {
  const place = labels.indexOf(label);
  return COLOURS[(place < 0 ? labels.length : place) % COLOURS.length] ?? "#ffffff";
}

export function boxesSvg(boxes: readonly DrawnBox[], sheet: Sheet): string {
  const { width, height } = sheet;
  const font = Math.round(Math.min(32, Math.max(11, Math.max(width, height) / 45)));
  const line = Math.max(1.5, font / 6);
  // The big ones first, so that a box in a box lies on top.
  const ordered = [...boxes].sort((a, b) => areaOf(b) - areaOf(a));
  const frames = ordered.map((box) => frame(box, sheet, line));
  const taken: Plate[] = [];
  const plates = ordered.map((box) => plate(box, sheet, font, taken));
  const content = frames.join("") + plates.join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

const areaOf = ({ xmin, ymin, xmax, ymax }: DrawnBox) => (xmax - xmin) * (ymax - ymin);

function frame(box: DrawnBox, { scale, labels }: Sheet, line: number): string {
  const place =
    `x="${rounded(box.xmin * scale)}" y="${rounded(box.ymin * scale)}" ` +
    `width="${rounded((box.xmax - box.xmin) * scale)}" height="${rounded((box.ymax - box.ymin) * scale)}" fill="none"`;
  const dashes = box.difficult === true ? ` stroke-dasharray="${3 * line} ${2 * line}"` : "";
  return (
    `<rect ${place} stroke="#000" stroke-opacity="0.6" stroke-width="${rounded(line + 2)}"/>` +
    `<rect ${place} stroke="${colourOf(box.label, labels)}" stroke-width="${rounded(line)}"${dashes}/>`
  );
}

function plate(box: DrawnBox, sheet: Sheet, font: number, taken: Plate[]): string {
  const text = shortened(caption(box), (sheet.width - font) / font);
  const size = { width: (textWidth(text) + 0.6) * font, height: font * 1.35 };
  const { x, y } = freePlace(box, sheet, size, taken);
  taken.push({ x, y, ...size });
  const colour = colourOf(box.label, sheet.labels);
  const ink = isLight(colour) ? "#000" : "#fff";
  return (
    `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(size.width)}" height="${rounded(size.height)}" ` +
    `fill="${colour}" stroke="#000" stroke-opacity="0.6"/>` +
    `<text x="${rounded(x + font * 0.3)}" y="${rounded(y + font)}" font-family="DejaVu Sans, Arial, sans-serif" ` +
    `font-size="${font}" fill="${ink}">${escapeXml(text)}</text>`
  );
}

/** Roughly how wide a text is, in heights of its letters: there is no font to measure with. */
function textWidth(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + letterWidth(letter), 0);
}

function letterWidth(letter: string): number {
  if (/[ijlI.,:;'|!]/.test(letter)) return 0.32;
  if (/[ftr()[\]\- ]/.test(letter)) return 0.42;
  if (/[mwMW@%…]/.test(letter)) return 1;
  if (/[A-Z]/.test(letter)) return 0.75;
  return letter <= "\u02ff" ? 0.63 : 1.05;
}

function caption({ label, score }: DrawnBox): string {
  return score === undefined ? label : `${label} ${score.toFixed(2)}`;
}

/** Over the box, in it at the top or the bottom, or under it: where it hides least of other labels; always within the picture. */
function freePlace(
  box: DrawnBox,
  { width, height, scale }: Sheet,
  size: { width: number; height: number },
  taken: readonly Plate[],
): { x: number; y: number } {
  const [left, top, bottom] = [box.xmin * scale, box.ymin * scale, box.ymax * scale];
  const heights = [top - size.height, top, bottom - size.height, bottom];
  const places = heights.map((y) => ({
    x: Math.max(0, Math.min(left, width - size.width)),
    y: Math.max(0, Math.min(y, height - size.height)),
    ...size,
  }));
  const hidden = places.map((place) => taken.reduce((sum, other) => sum + sharedArea(place, other), 0));
  return places[hidden.indexOf(Math.min(...hidden))] ?? { x: 0, y: 0 };
}

function sharedArea(a: Plate, b: Plate): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** @param room in heights of its letters */
function shortened(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && textWidth(letters.join("")) + 1 > room) letters.pop();
  return `${letters.join("")}…`;
}

function isLight(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 130;
}

const rounded = (value: number) => Math.round(value * 10) / 10;

// XML knows no control characters and no half surrogates, not even escaped.
const escapeXml = (text: string) =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, "␀").replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
