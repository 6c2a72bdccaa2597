/** Previous, next, and a slider through pages or pictures. */
import { pageCount, pageOf, type BrowsingCommand, type BrowsingState } from "../../../kernel-lib/protocol/index.js";
import { Button, Slider } from "../base/controls.js";

export interface BrowserBarProps {
  browsing: BrowsingState;
  /** What the slider counts. */
  by: "page" | "picture";
  /** What stands beside the slider for a place, from 0. */
  format: (place: number) => string;
  send: (command: BrowsingCommand) => void;
}

export function BrowserBar({ browsing, by, format, send }: BrowserBarProps) {
  const { position, matching } = browsing;
  const place = by === "page" ? pageOf(browsing) : Math.max(0, position);
  const count = by === "page" ? pageCount(browsing) : matching;
  return (
    <div class="vt-row vt-browser" role="group" aria-label="Browse">
      <Button
        icon="previous"
        iconOnly
        label="Previous picture"
        shortcut="←"
        disabled={position <= 0}
        onPress={() => send({ type: "move", by: -1 })}
      />
      <Button
        icon="next"
        iconOnly
        label="Next picture"
        shortcut="→"
        disabled={position >= matching - 1}
        onPress={() => send({ type: "move", by: 1 })}
      />
      <Slider
        hideLabel
        label={by === "page" ? "Page" : "Picture"}
        value={place}
        min={0}
        max={Math.max(0, count - 1)}
        format={format}
        onInput={(value) => send(by === "page" ? { type: "page", page: value } : { type: "select", position: value })}
      />
    </div>
  );
}
