/** The boxes of a small picture, so that an empty or an odd one stands out among many. */
import type { BoxesRow } from "../../../kernel-lib/protocol/index.js";
import { labelColour } from "../picture/label-colours.js";

export function CellBoxes({ row, labels }: { row: BoxesRow; labels: readonly string[] }) {
  return (
    <svg class="vt-cell-boxes" viewBox={`0 0 ${row.width} ${row.height}`}>
      {row.boxes.map(({ xmin, ymin, xmax, ymax, label }, index) => (
        <rect
          key={index}
          x={xmin}
          y={ymin}
          width={Math.max(0, xmax - xmin)}
          height={Math.max(0, ymax - ymin)}
          stroke={labelColour(labels, label)}
        />
      ))}
    </svg>
  );
}
