/**
 * The benchmark's figures: one row a measurement, with the peer's beside ours.
 * @module
 */

/**
 * @typedef {object} Row
 * @property {string} topic
 * @property {string} name what was measured
 * @property {number} ours in unit
 * @property {number | null} peer in unit, or null if it isn't on this machine
 * @property {string} peerName
 * @property {string} unit
 * @property {number | null} ratio below 1 where ours is better
 */

export const TOPICS = ["kernel", "engine", "augmentation", "data", "metrics", "detection", "serving", "widgets"];

/** What takes minutes, and is measured where it is asked for. */
export const LONG_TOPICS = ["augmentation-all"];

/** @param {unknown} value @returns {value is number} */
const isFigure = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;

/**
 * @param {unknown} value
 * @param {string} topic
 * @returns {Row[]}
 * @throws {Error} that names the row which isn't one
 */
export function checkRows(value, topic) {
  if (!Array.isArray(value) || value.length === 0) throw new Error(`The benchmark of ${topic} has returned no rows`);
  return value.map((/** @type {unknown} */ item, index) => {
    const row = /** @type {Partial<Row>} */ (item ?? {});
    const { name, ours, peer = null, peerName = "", unit, ratio = null } = row;
    const fits =
      row.topic === topic &&
      typeof name === "string" &&
      isFigure(ours) &&
      (peer === null || isFigure(peer)) &&
      typeof unit === "string" &&
      (ratio === null || isFigure(ratio));
    if (!fits) throw new Error(`Row ${index} of the benchmark of ${topic} is no row: ${JSON.stringify(item)}`);
    return { topic, name, ours, peer, peerName, unit, ratio };
  });
}

/** @param {number | null} value */
function figure(value) {
  if (value === null) return "–";
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} a table, the figures to the right
 */
export function tableOf(rows) {
  const head = ["topic", "what", "ours", "peer", "unit", "ratio", "peer is"];
  const lines = rows.map((row) => [
    row.topic,
    row.name,
    figure(row.ours),
    figure(row.peer),
    row.unit,
    figure(row.ratio),
    row.peerName,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => (line[column] ?? "").length)),
  );
  const toRight = new Set([2, 3, 5]);
  const format = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, column) =>
        toRight.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [format(head), format(widths.map((width) => "─".repeat(width))), ...lines.map(format)].join("\n");
}
