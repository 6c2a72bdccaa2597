/**
 * A colour for each label, so that a wrong one stands out in a grid. Never the only sign: its name stands beside it. Okabe and
 * Ito's palette (2008), which stays apart for colour-blind eyes, then five of Tol's (2021); after twelve labels it begins again.
 */
const PALETTE = [
  ...["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800"],
  ...["#882255", "#44aa99", "#7f63c9", "#8a8a8a", "#6f7f1c"],
] as const;

export function labelColour(labels: readonly string[], label: string | undefined): string {
  const index = label === undefined ? -1 : labels.indexOf(label);
  return PALETTE[index % PALETTE.length] ?? "transparent";
}
