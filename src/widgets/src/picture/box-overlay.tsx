/** Boxes over a picture, as SVG in the frame's CSS pixels: lines stay as thin as they are at every zoom. */
import type { ComponentChildren } from "preact";

import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import { textSpots } from "./box-texts.js";
import { toFrame, type PictureView } from "./zoom.js";

export interface OverlayBox extends BoxShape {
  /** What stands at its upper left corner, or near it. */
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
  // The chosen box's text has the first choice, and lies on top.
  const named = boxes.filter(({ text }) => text !== "").sort((a, b) => Number(b.chosen ?? 0) - Number(a.chosen ?? 0));
  const spots = textSpots(
    named.map((box) => ({ ...frameRect(view, box), text: box.text })),
    view.frame,
  );
  return (
    <svg class="vt-overlay" width={width} height={height} aria-hidden="true">
      {boxes.map((box, index) => (
        <OneBox key={index} view={view} box={box} />
      ))}
      {named
        .map((box, index) => (
          <text key={index} x={spots[index]?.x} y={spots[index]?.y}>
            {box.text}
          </text>
        ))
        .reverse()}
      {children}
    </svg>
  );
}

function OneBox({ view, box }: { view: PictureView; box: OverlayBox }) {
  const place = frameRect(view, box);
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
    </g>
  );
}

/** A box in the frame's CSS pixels. */
export function frameRect(view: PictureView, { xmin, ymin, xmax, ymax }: BoxShape) {
  const { x, y } = toFrame(view, { x: xmin, y: ymin });
  return { x, y, width: (xmax - xmin) * view.factor, height: (ymax - ymin) * view.factor };
}
