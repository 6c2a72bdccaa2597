/** One picture, large: zoomed by wheel, keys and buttons, moved by dragging; the kernel sends more pixels as they are seen. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { pictureSide, type PictureRow } from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import type { PictureStore } from "./picture-store.js";
import { useSize } from "./use-size.js";
import { useZoom, type ZoomControl } from "./use-zoom.js";
import { fitted, viewOf, type PictureView, type Size, type Zoom } from "./zoom.js";

export interface ZoomViewProps {
  store: PictureStore;
  row: PictureRow;
  /** What the picture shows, for who can't see it. */
  description: string;
  /** For the keys that zoom, which work everywhere in the widget. */
  control: { current: ZoomControl | undefined };
  /** What is drawn over the picture. */
  overlay?: (view: PictureView) => ComponentChildren;
}

/** A picture's pixel that is larger than this is shown as the square that it is. */
const SQUARES_FROM = 3;

export function ZoomView({ store, row, description, control, overlay }: ZoomViewProps) {
  const { element, size } = useSize<HTMLDivElement>();
  const box = size.value;
  const handle = useZoom(element, row, box, row.id);
  const { scale } = handle.zoom.value;
  const fit = fitted(row, box);
  const side = useLargePicture(store, row, fit, scale);
  useEffect(() => {
    control.current = handle;
  }, [control, handle]);
  const url = store.best(row.id, side);
  const failure = store.failure(row.id);
  const perPixel = (fit.width * scale) / Math.max(1, row.width);
  const style = pictureStyle(fit, handle.zoom.value, perPixel);
  return (
    <div class="vt-zoom" ref={element} data-zoomed={scale > 1} onDblClick={(event) => onPicture(event) && handle.fit()}>
      {failure !== undefined && <p class="vt-zoom-failure">{failure}</p>}
      {failure === undefined && url && <img src={url} alt={description} style={style} draggable={false} />}
      {overlay && fit.width > 0 && overlay(viewOf(row, box, handle.zoom.value))}
      <ZoomTools control={handle} perPixel={perPixel} />
    </div>
  );
}

/** How large the picture is shown, and the buttons that change it. */
export function ZoomTools({ control, perPixel }: { control: ZoomControl; perPixel: number }) {
  return (
    <div class="vt-zoom-tools" role="group" aria-label="Zoom">
      <output class="vt-zoom-level" aria-label="Zoom">
        {`${Math.round(perPixel * 100)} %`}
      </output>
      <Button local icon="zoomOut" iconOnly label="Zoom out" shortcut="-" onPress={() => control.by(1 / 1.5)} />
      <Button local icon="zoomIn" iconOnly label="Zoom in" shortcut="+" onPress={() => control.by(1.5)} />
      <Button local icon="fit" iconOnly label="Whole picture" shortcut="0" onPress={control.fit} />
    </div>
  );
}

/** Where the picture lies in its frame, in whose middle it begins. */
export function pictureStyle(fit: Size, { scale, x, y }: Zoom, perPixel: number) {
  return {
    width: `${fit.width}px`,
    height: `${fit.height}px`,
    transform: `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${scale})`,
    imageRendering: perPixel >= SQUARES_FROM ? "pixelated" : "auto",
  };
}

/** Asks for as many pixels as the screen shows of the picture, never more than it has. */
export function useLargePicture(store: PictureStore, row: PictureRow, fit: Size, scale: number): number {
  const live = useLive().value;
  const shown = Math.max(fit.width, fit.height) * scale * devicePixelRatio;
  const side = pictureSide(Math.min(shown, Math.max(row.width, row.height)));
  const visible = fit.width > 0;
  useEffect(() => {
    if (!live || !visible) return undefined;
    // Someone who is still turning the wheel needs none of the sizes between.
    const settled = setTimeout(() => store.want("large", [row.id], side), scale > 1 ? 120 : 0);
    return () => clearTimeout(settled);
  }, [store, live, visible, row.id, side]);
  return side;
}

const onPicture = (event: Event): boolean => !(event.target as Element).closest("button");
