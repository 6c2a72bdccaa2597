/** The last changes of the chosen picture: who, when, what. */
import type { HistoryLine } from "../../../kernel-lib/protocol/index.js";

export function History({ lines }: { lines: readonly HistoryLine[] }) {
  if (lines.length === 0) return null;
  return (
    <details class="vt-history">
      <summary>Changes of this picture</summary>
      <ul>
        {lines.map(({ time, user, text }, index) => (
          <li key={index}>
            <span>{text}</span>{" "}
            <span class="vt-muted">
              {user}, <time dateTime={time}>{new Date(time).toLocaleString()}</time>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
