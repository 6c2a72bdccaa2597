/** The geometry of a picture that is zoomed and moved within a box. All lengths in CSS pixels. */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Zoom {
  /** 1 where the whole picture fits the box. */
  scale: number;
  /** The picture's centre from the box's centre. */
  x: number;
  y: number;
}

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };

/** A picture's own pixel is never shown larger than this. */
const LARGEST_PIXEL = 24;

/** Where a picture lies in its frame: what turns pixels of the one into CSS pixels of the other. */
export interface PictureView {
  /** The frame. */
  frame: Size;
  /** The picture, in its own pixels. */
  picture: Size;
  /** CSS pixels a picture's pixel. */
  factor: number;
  /** The picture's left and top edge, from the frame's. */
  left: number;
  top: number;
}

export function viewOf(picture: Size, frame: Size, zoom: Zoom): PictureView {
  const factor = (fitted(picture, frame).width * zoom.scale) / Math.max(1, picture.width);
  const left = frame.width / 2 + zoom.x - (picture.width * factor) / 2;
  const top = frame.height / 2 + zoom.y - (picture.height * factor) / 2;
  return { frame, picture, factor, left, top };
}

/** A place in the picture, in its own pixels, as a place in the frame. */
export const toFrame = ({ factor, left, top }: PictureView, { x, y }: Point): Point => ({
  x: left + x * factor,
  y: top + y * factor,
});

/** A place in the frame as one in the picture; it may lie outside the picture. */
export const toPicture = ({ factor, left, top }: PictureView, { x, y }: Point): Point => ({
  x: (x - left) / Math.max(factor, Number.MIN_VALUE),
  y: (y - top) / Math.max(factor, Number.MIN_VALUE),
});

/** The zoom at which a part of the picture fills most of the frame; `part` in picture's pixels. */
export function zoomTo(part: Size & Point, picture: Size, frame: Size): Zoom {
  const fit = fitted(picture, frame);
  const perPixel = fit.width / Math.max(1, picture.width);
  const room = 0.6 * Math.min(frame.width / Math.max(1, part.width), frame.height / Math.max(1, part.height));
  const scale = Math.min(largestScale(picture, frame), Math.max(1, room / Math.max(perPixel, Number.MIN_VALUE)));
  const x = (picture.width / 2 - part.x - part.width / 2) * perPixel * scale;
  const y = (picture.height / 2 - part.y - part.height / 2) * perPixel * scale;
  return withinBox({ scale, x, y }, picture, frame);
}

/** The largest size of the picture's shape that fits the box; small pictures grow. */
export function fitted(picture: Size, box: Size): Size {
  const factor = Math.min(box.width / Math.max(1, picture.width), box.height / Math.max(1, picture.height));
  return { width: picture.width * factor, height: picture.height * factor };
}

/** How far one can zoom in: to the picture's pixels, and eight times the fit at least. */
export function largestScale(picture: Size, box: Size): number {
  const fit = fitted(picture, box);
  return fit.width > 0 ? Math.max(8, (LARGEST_PIXEL * picture.width) / fit.width) : 8;
}

/** Zooms so that what lies under `at` (from the box's centre) stays under it. */
export function zoomAbout(zoom: Zoom, factor: number, at: Point, picture: Size, box: Size): Zoom {
  const scale = Math.min(largestScale(picture, box), Math.max(1, zoom.scale * factor));
  const ratio = scale / zoom.scale;
  const moved = { scale, x: at.x - (at.x - zoom.x) * ratio, y: at.y - (at.y - zoom.y) * ratio };
  return withinBox(moved, picture, box);
}

export function pan(zoom: Zoom, by: Point, picture: Size, box: Size): Zoom {
  return withinBox({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, picture, box);
}

/** No edge of the picture comes further in than it must: a picture is never lost outside the box. */
function withinBox(zoom: Zoom, picture: Size, box: Size): Zoom {
  const fit = fitted(picture, box);
  const limit = (value: number, length: number, room: number) => {
    const most = Math.max(0, (length * zoom.scale - room) / 2);
    // Adding 0 makes -0 a 0.
    return Math.min(most, Math.max(-most, value)) + 0;
  };
  return {
    scale: zoom.scale,
    x: limit(zoom.x, fit.width, box.width),
    y: limit(zoom.y, fit.height, box.height),
  };
}
