/** How many pictures a page shows. */
import type { BrowsingCommand, BrowsingState } from "../../../kernel-lib/protocol/index.js";
import { Select } from "../base/controls.js";

const SHAPES = ["1 × 1", "3 × 2", "4 × 2", "4 × 3", "5 × 4", "8 × 5", "10 × 8"];

export interface GridShapeProps {
  browsing: BrowsingState;
  send: (command: BrowsingCommand) => void;
}

export function GridShape({ browsing, send }: GridShapeProps) {
  const now = `${browsing.columns} × ${browsing.rows}`;
  const options = SHAPES.includes(now) ? SHAPES : [now, ...SHAPES];
  const change = (shape: string) => {
    const [columns = 1, rows = 1] = shape.split(" × ").map(Number);
    send({ type: "grid", columns, rows });
  };
  return <Select label="Grid" value={now} options={options} onChange={change} />;
}
