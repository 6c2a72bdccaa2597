/** What is drawn over the boxes while one is worked on: its handles, its size, the cross of the keys. */
import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import { frameRect } from "../picture/box-overlay.js";
import { toFrame, type PictureView, type Point } from "../picture/zoom.js";
import type { BoxEditor } from "./box-editor.js";
import { handlePoint, HANDLES, sizeAndAspect } from "./box-geometry.js";

/** In CSS pixels. */
const HANDLE = 9;
/** On a box that is smaller than this, the handles in the middle of edges would lie on the corners. */
const ROOM = 30;

export function Handles({ view, editor }: { view: PictureView; editor: BoxEditor }) {
  const box = editor.chosenBox;
  if (!box) return null;
  const { width, height } = frameRect(view, box);
  const fits = HANDLES.filter((handle) => handle.length === 2 || (/[ns]/.test(handle) ? width : height) >= ROOM);
  return (
    <>
      {fits.map((handle) => {
        const { x, y } = toFrame(view, handlePoint(box, handle));
        return (
          <rect
            class="vt-handle"
            key={handle}
            x={x - HANDLE / 2}
            y={y - HANDLE / 2}
            width={HANDLE}
            height={HANDLE}
            data-handle={handle}
          />
        );
      })}
    </>
  );
}

/** The pixel size and the aspect of what is being drawn, below its lower right corner. */
export function DraftSize({ view, shape }: { view: PictureView; shape: BoxShape }) {
  const { x, y, width, height } = frameRect(view, shape);
  const right = Math.min(view.frame.width - 4, Math.max(110, x + width));
  const top = Math.min(view.frame.height - 24, Math.max(0, y + height + 6));
  return (
    <span class="vt-draft-size" aria-hidden="true" style={{ right: `${view.frame.width - right}px`, top: `${top}px` }}>
      {sizeAndAspect(shape)}
    </span>
  );
}

export function CursorCross({ view, at }: { view: PictureView; at: Point }) {
  const { x, y } = toFrame(view, at);
  const { width, height } = view.frame;
  const path = `M${x} 0V${height}M0 ${y}H${width}`;
  return (
    <svg class="vt-overlay vt-cross" width={width} height={height} aria-hidden="true">
      <path class="vt-box-halo" d={path} />
      <path class="vt-cross-line" d={path} />
    </svg>
  );
}
