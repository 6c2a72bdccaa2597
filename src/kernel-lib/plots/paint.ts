/** The colours of a static plot that are not its series'. */

export interface Paint {
  /** The card behind the plot. */
  page: string;
  ink: string;
  faint: string;
  grid: string;
  /** The ends of a matrix's shades: red, green, blue. */
  pale: readonly [number, number, number];
  deep: readonly [number, number, number];
  /** From this shade on, in 0..1, a cell's text is as light as the page, or as dark. */
  turn: number;
}

export const THEMES = ["light", "dark"] as const;
export type PlotTheme = (typeof THEMES)[number];

export const PAINTS: { readonly [theme in PlotTheme]: Paint } = {
  light: {
    page: "#ffffff",
    ink: "#1f2328",
    faint: "#59636e",
    grid: "#dfe3e8",
    pale: [240, 246, 251],
    deep: [8, 69, 138],
    turn: 0.5,
  },
  dark: {
    page: "#15181c",
    ink: "#e6e9ed",
    faint: "#a3abb5",
    grid: "#343a42",
    pale: [24, 36, 48],
    deep: [158, 212, 255],
    turn: 0.55,
  },
};
