/** What lies around a place of the picture, several times larger: where an edge must lie is seen to the pixel. */
import { useEffect } from "preact/hooks";

import { pictureSide, type BoxShape, type PictureRow } from "../../../kernel-lib/protocol/index.js";
import type { PictureStore } from "../picture/picture-store.js";
import { toFrame, type PictureView, type Point } from "../picture/zoom.js";

export interface MagnifierProps {
  store: PictureStore;
  row: PictureRow;
  view: PictureView;
  /** In pixels of the picture. */
  at: Point;
  /** The box whose edges are shown. */
  shape: BoxShape | undefined;
  colour: string;
}

const SIDE = 132;
const TIMES = 4;
/** A picture's pixel is at least this large, in CSS pixels. */
const SMALLEST = 6;
/** More pixels than that are not fetched for a look. */
const FINEST = 4096;

export function Magnifier({ store, row, view, at, shape, colour }: MagnifierProps) {
  const side = pictureSide(Math.min(FINEST, Math.max(row.width, row.height)));
  useEffect(() => {
    store.want("magnifier", [row.id], side);
    return () => store.want("magnifier", [], side);
  }, [store, row.id, side]);
  const url = store.best(row.id, side);
  if (!url) return null;
  const times = Math.max(SMALLEST, view.factor * TIMES);
  const place = (value: number, centre: number) => SIDE / 2 + (value - centre) * times;
  const [left, top] = [place(0, at.x), place(0, at.y)];
  const size = { width: `${row.width * times}px`, height: `${row.height * times}px` };
  const { x, y } = toFrame(view, at);
  // In the corner that the pointer is not in.
  const corner = { right: x < view.frame.width / 2, bottom: y < view.frame.height / 2 };
  return (
    <div class="vt-magnifier" data-right={corner.right} data-bottom={corner.bottom} aria-hidden="true">
      <img src={url} alt="" style={{ ...size, transform: `translate(${left}px, ${top}px)` }} />
      <svg width={SIDE} height={SIDE}>
        <path d={`M${SIDE / 2} 0V${SIDE}M0 ${SIDE / 2}H${SIDE}`} />
        {shape && (
          <rect
            x={place(shape.xmin, at.x)}
            y={place(shape.ymin, at.y)}
            width={(shape.xmax - shape.xmin) * times}
            height={(shape.ymax - shape.ymin) * times}
            stroke={colour}
          />
        )}
      </svg>
    </div>
  );
}
