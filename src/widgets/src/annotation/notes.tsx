/** What the person should know and need not act on: files that were left out or taken in part, other notebooks on the same folder. */
import type { AnnotationState } from "../../../kernel-lib/protocol/index.js";

export function Notes({
  state,
}: {
  state: Pick<AnnotationState, "problems" | "problemCount" | "unchecked" | "others"> & { unread?: number };
}) {
  const { problems, problemCount, unchecked, unread = 0, others } = state;
  return (
    <>
      {others > 0 && (
        <span class="vt-note">
          {others === 1 ? "Another notebook has" : `${others} other notebooks have`} this data set open; its changes
          appear here.
        </span>
      )}
      {unread > 0 && (
        <span class="vt-note">
          The boxes of {unread === 1 ? "1 picture" : `${unread} pictures`} are still to be read: labels and counts are
          those found so far.
        </span>
      )}
      {unchecked > 0 && (
        <span class="vt-note">
          {unchecked === 1 ? "1 picture is" : `${unchecked} pictures are`} still to be looked at: what can't be read
          will be listed here.
        </span>
      )}
      {problemCount > 0 && (
        <details class="vt-problems">
          <summary>
            {problemCount === 1 ? "1 problem with the files" : `${problemCount} problems with the files`}
          </summary>
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
