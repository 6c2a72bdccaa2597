/** Comma-separated values as RFC 4180 has them. */

/**
 * Rows of cells. Quotes, line breaks in quotes, CRLF and a byte order mark are understood; empty lines are passed over.
 * @param delimiter what stands between cells: a comma, a semicolon or a tab
 */
export function parseCsv(text: string, delimiter: "," | ";" | "\t" = ","): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A quoted cell, or an unquoted one, and what ends it.
  const plainCell = `([^${delimiter}\\r\\n]*)(${delimiter}|\\r?\\n|\\r|$)`;
  const cell = new RegExp(`"((?:[^"]|"")*)"${plainCell}|${plainCell}`, "gy");
  cell.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  while (cell.lastIndex < text.length || row.length > 0) {
    const found = cell.exec(text);
    if (!found) break;
    const [, quoted, after = "", quotedEnd, plain = "", plainEnd] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + after);
    const end = quoted === undefined ? plainEnd : quotedEnd;
    if (end === delimiter) continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (end === "" || end === undefined) break;
  }
  return rows;
}

export function writeCsv(rows: readonly (readonly (string | number | boolean)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\n`).join("");
}

function cellText(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n\ufeff]|^\s|\s$|^$/.test(text) && text !== "" ? `"${text.replaceAll('"', '""')}"` : text;
}
