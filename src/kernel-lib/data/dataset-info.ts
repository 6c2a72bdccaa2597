/** What a data set says of itself: a sentence and a table of labels, as text and as HTML. */

export interface Described {
  readonly name: string;
  readonly labels: readonly string[];
  readonly problems: readonly { path: string; reason: string }[];
  readonly unchecked?: number;
  readonly sharedWith: readonly { user: string; host: string; since: string }[];
  size(): number;
  counts(): Map<string, number>;
}

export function datasetText(dataset: Described): string {
  const width = Math.max(...dataset.labels.map((label) => label.length), 0);
  const counts = [...dataset.counts()].map(([label, count]) => `  ${printable(label).padEnd(width)}  ${count}`);
  return [sizeSentence(dataset), ...counts, ...infoNotes(dataset)].join("\n");
}

/** Notebooks set all cells of a table to the right, as numbers are. */
const LEFT = 'style="text-align:left"';

export function datasetHtml(dataset: Described): string {
  const rows = [...dataset.counts()].map(
    ([label, count]) => `<tr><th ${LEFT}>${escapeHtml(label)}</th><td>${count}</td></tr>`,
  );
  const table = `<table><thead><tr><th ${LEFT}>label</th><th>images</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return `<p>${sizeSentence(dataset)}</p>${table}${notesHtml(infoNotes(dataset))}`;
}

/** What is set in below a line is a list under it. */
export function notesHtml(notes: readonly string[]): string {
  const html = notes.map((text) =>
    text.startsWith("  ") ? `<ul><li>${escapeHtml(text.trim())}</li></ul>` : `<p>${escapeHtml(text)}</p>`,
  );
  return html.join("").replaceAll("</ul><ul>", "");
}

export const sizeSentence = (dataset: Described) =>
  `Dataset consists of ${counted(dataset.size(), "image")} with ${counted(dataset.labels.length, "label")}.`;

export function infoNotes(dataset: Described): string[] {
  const shown = dataset.problems.slice(0, 10).map(({ path, reason }) => `  ${printable(path)}: ${printable(reason)}`);
  const more = dataset.problems.length - shown.length;
  const problems = [`Problems (${dataset.problems.length}):`, ...shown, ...(more > 0 ? [`  … and ${more} more`] : [])];
  const others = dataset.sharedWith.map(
    ({ user, host, since }) =>
      `Also open in another notebook: ${printable(user)} on ${printable(host)} since ${since}.`,
  );
  const left = dataset.unchecked ?? 0;
  const unchecked = `Not looked at yet whether it can be read: ${counted(left, "image")}. What can't be is left out from the next time on.`;
  const listed = dataset.problems.length > 0 ? problems : [];
  return [...lookAlikes(dataset.labels), ...listed, ...(left > 0 ? [unchecked] : []), ...others];
}

/** Labels that only capitals, blanks or the way in which a letter is written tell apart: one thing with two names, more often than not. */
function lookAlikes(labels: readonly string[]): string[] {
  const seen = new Map<string, string[]>();
  for (const label of labels) {
    const look = label.normalize("NFKC").trim().toLowerCase();
    seen.set(look, [...(seen.get(look) ?? []), JSON.stringify(printable(label))]);
  }
  const several = [...seen.values()].filter((alike) => alike.length > 1);
  return several.map((alike) => `Look alike, and count as ${alike.length} labels: ${alike.join(", ")}.`);
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Control characters in a file's name would move the terminal's cursor. */
export const printable = (text: string) =>
  text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);

export const escapeHtml = (text: string) => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
