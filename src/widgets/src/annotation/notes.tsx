/** What the person should know and need not act on: files that were left out, other notebooks on the same folder. */
import type { AnnotationState } from "../../../kernel-lib/protocol/index.js";

export function Notes({ state }: { state: Pick<AnnotationState, "problems" | "problemCount" | "others"> }) {
  const { problems, problemCount, others } = state;
  return (
    <>
      {others > 0 && (
        <span class="vt-note">
          {others === 1 ? "Another notebook has" : `${others} other notebooks have`} this data set open; its changes
          appear here.
        </span>
      )}
      {problemCount > 0 && (
        <details class="vt-problems">
          <summary>{problemCount === 1 ? "1 file was left out" : `${problemCount} files were left out`}</summary>
          <ul>
            {problems.map(({ path, reason }) => (
              <li key={path}>
                <strong>{path}</strong>: {reason}
              </li>
            ))}
            {problemCount > problems.length && <li>… and {problemCount - problems.length} more: dataset.problems</li>}
          </ul>
        </details>
      )}
    </>
  );
}
