/** A plot in one sentence, for those who don't see it. */
import type { PlotSpec } from "../plots/index.js";

const MOST_NAMES = 8;

export function describePlot({ data, layout = {} }: PlotSpec): string {
  const title = titleOf(layout["title"]) || "Plot";
  const axes = [axisTitle(layout["yaxis"]), axisTitle(layout["xaxis"])].filter((name) => name !== "");
  const names = data.flatMap(({ name }) => (name ? [name] : []));
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  const against = axes.length > 0 ? `: ${axes.join(" against ")}` : "";
  return `${title}${against}.${names.length > 0 ? ` ${names.slice(0, MOST_NAMES).join(", ")}${more}.` : ""}`;
}

const axisTitle = (axis: unknown) => titleOf(((axis ?? {}) as { title?: unknown }).title);

function titleOf(title: unknown): string {
  if (typeof title === "string") return title;
  const { text } = (title ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : "";
}
