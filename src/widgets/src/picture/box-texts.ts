/** Where the texts of boxes stand: at each box's upper left corner, or where else there is room, so that none lies on another. */

export interface TextSpot {
  x: number;
  /** The base line. */
  y: number;
}

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface NamedRect extends Rect {
  text: string;
}

/** In CSS pixels. */
const TEXT_HEIGHT = 16;
const BESIDE = 4;
/** Of a letter, about: a text is measured before it is drawn. */
const LETTER = 7.2;

/**
 * Above a box; where that is beyond the frame or taken, within it at the top, at its bottom, or below it; where all are taken, at the first
 * of these.
 * @param frame the picture's frame in CSS pixels
 * @param inOrder the boxes in the order in which they find room
 */
export function textSpots(inOrder: readonly NamedRect[], frame: { width: number; height: number }): TextSpot[] {
  const taken: Rect[] = [];
  return inOrder.map((box) => {
    if (box.text === "") return { x: box.x, y: box.y };
    const spots = spotsOf(box, frame);
    const free = spots.find((spot) => !taken.some((other) => overlap(extent(spot, box.text), other)));
    const spot = free ?? spots[0] ?? { x: box.x, y: box.y };
    taken.push(extent(spot, box.text));
    return spot;
  });
}

function spotsOf({ x, y, height }: NamedRect, frame: { height: number }): TextSpot[] {
  const left = Math.max(3, x);
  const within = Math.max(3, x + BESIDE);
  const top = Math.max(0, y) + TEXT_HEIGHT - 2;
  const spots = [
    { x: left, y: y - 5 },
    { x: within, y: top },
    { x: within, y: Math.min(y + height, frame.height) - 6 },
    { x: left, y: y + height + TEXT_HEIGHT - 3 },
  ];
  const fits = spots.filter((spot) => spot.y >= TEXT_HEIGHT - 5 && spot.y <= frame.height);
  return fits.length > 0 ? fits : [{ x: within, y: top }];
}

function extent({ x, y }: TextSpot, text: string): Rect {
  return { x, y: y - TEXT_HEIGHT + 4, width: LETTER * text.length, height: TEXT_HEIGHT - 2 };
}

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
