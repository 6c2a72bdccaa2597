/** Okabe and Ito's colours, told apart by every kind of colour vision; each theme has those with contrast on its page. */
export const LIGHT_COLOURS = ["#0072b2", "#d55e00", "#008a64", "#b8528f", "#9a6a00", "#3a8fc4", "#5f6368"] as const;
export const DARK_COLOURS = ["#56b4e9", "#f0a04b", "#2fc79a", "#e29ac4", "#f0e442", "#8ab8ff", "#b3b8bf"] as const;
