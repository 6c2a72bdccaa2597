/** Okabe and Ito's colours, told apart by every kind of colour vision, then five more; each theme has those with contrast on its page. */
export const LIGHT_COLOURS = [
  ...["#0072b2", "#d55e00", "#008a64", "#b8528f", "#9a6a00", "#7048c0", "#5f6368"],
  ...["#b3001b", "#5c8000", "#0089a0", "#7a2e5d", "#6b3f1d"],
] as const;
export const DARK_COLOURS = [
  ...["#56b4e9", "#f0a04b", "#2fc79a", "#e29ac4", "#f0e442", "#a58bff", "#b3b8bf"],
  ...["#ff6b6b", "#a8d84e", "#4fe0e6", "#e45fd0", "#c99b6d"],
] as const;
