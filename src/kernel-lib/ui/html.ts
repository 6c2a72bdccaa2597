/** HTML from texts that may hold anything: file names are not markup. */

const ENTITIES: { [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as it stands, in an element or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A small table; the first column names the row. */
export function tableHtml(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = (i: number) => `style="text-align:${i === 0 ? "left" : "right;white-space:nowrap"}"`;
  const head = heads.map((text, i) => `<th scope="col" ${align(i)}>${escapeHtml(text)}</th>`).join("");
  const line = ([first = "", ...rest]: readonly string[]) =>
    `<tr><th scope="row" style="text-align:left;font-weight:normal">${escapeHtml(first)}</th>` +
    `${rest.map((text, i) => `<td ${align(i + 1)}>${escapeHtml(text)}</td>`).join("")}</tr>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map(line).join("")}</tbody></table>`;
}

/** The same for a terminal, in columns. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((text, i) => Math.max(text.length, widest[i] ?? 0)),
    [],
  );
  return rows.map((row) => `  ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd()).join("\n");
}
