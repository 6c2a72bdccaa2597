/** What stands over the corners of a small picture: that it was changed, its flag, what the model would have. */
import type { AnnotationRow } from "../../../kernel-lib/protocol/index.js";
import { FlagBadge } from "../picture/marks.js";
import { percent } from "./suggestion.js";

export function CellBadges({ row }: { row: AnnotationRow }) {
  const { suggestion } = row;
  return (
    <>
      <FlagBadge row={row} />
      {row.changed && <span class="vt-badge">changed</span>}
      {suggestion && !suggestion.agrees && (
        <span class="vt-badge vt-badge-below">
          {suggestion.label} {percent(suggestion.score)}?
        </span>
      )}
    </>
  );
}
