/** Files that were left out when the data set was read: one quiet line, the names on request. */
export interface ProblemsProps {
  problems: readonly { path: string; reason: string }[];
  count: number;
}

export function Problems({ problems, count }: ProblemsProps) {
  if (count === 0) return null;
  return (
    <details class="vt-problems">
      <summary>{count === 1 ? "1 file was left out" : `${count} files were left out`}</summary>
      <ul>
        {problems.map(({ path, reason }) => (
          <li key={path}>
            <strong>{path}</strong>: {reason}
          </li>
        ))}
        {count > problems.length && <li>… and {count - problems.length} more: dataset.problems</li>}
      </ul>
    </details>
  );
}
