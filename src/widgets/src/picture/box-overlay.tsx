/** Boxes over a picture, as SVG in the frame's CSS pixels: lines stay as thin as they are at every zoom. */
import type { ComponentChildren } from "preact";

import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import { toFrame, type PictureView } from "./zoom.js";

export interface OverlayBox extends BoxShape {
  /** What stands at its upper left corner. */
  text: string;
  colour: string;
  chosen?: boolean | undefined;
  /** A line of dashes: what a model says, say, and nobody has confirmed. */
  dashed?: boolean | undefined;
}

export interface BoxOverlayProps {
  view: PictureView;
  /** In the order in which they are drawn: the last lies on top. */
  boxes: readonly OverlayBox[];
  /** What is drawn over them: handles, say. */
  children?: ComponentChildren;
}

/** Decoration for who sees it: what it shows must stand in a list too. */
export function BoxOverlay({ view, boxes, children }: BoxOverlayProps) {
  const { width, height } = view.frame;
  return (
    <svg class="vt-overlay" width={width} height={height} aria-hidden="true">
      {boxes.map((box, index) => (
        <OneBox key={index} view={view} box={box} />
      ))}
      {children}
    </svg>
  );
}

function OneBox({ view, box }: { view: PictureView; box: OverlayBox }) {
  const { x, y, width, height } = frameRect(view, box);
  const place = { x, y, width, height };
  const inside = y < TEXT_HEIGHT;
  return (
    // Preact writes a false data attribute as "false", which is one that is there.
    <g
      class="vt-box"
      data-chosen={box.chosen === true || undefined}
      data-dashed={box.dashed === true || undefined}
      style={{ "--vt-label": box.colour }}
    >
      <rect class="vt-box-halo" {...place} />
      <rect class="vt-box-line" {...place} />
      {box.text !== "" && (
        <text x={Math.max(3, x + (inside ? 4 : 0))} y={inside ? Math.max(0, y) + TEXT_HEIGHT - 2 : y - 5}>
          {box.text}
        </text>
      )}
    </g>
  );
}

const TEXT_HEIGHT = 16;

/** A box in the frame's CSS pixels. */
export function frameRect(view: PictureView, { xmin, ymin, xmax, ymax }: BoxShape) {
  const { x, y } = toFrame(view, { x: xmin, y: ymin });
  return { x, y, width: (xmax - xmin) * view.factor, height: (ymax - ymin) * view.factor };
}
