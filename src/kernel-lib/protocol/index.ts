/**
 * What the kernel's side and the browser's side of a widget say to each other: state with its defaults, commands (browser to
 * kernel) and events (kernel to browser), each declared once. A leaf: it imports nothing.
 */
export * from "./names.js";
export * from "./annotation.js";
export * from "./box-edits.js";
export * from "./boxes.js";
export * from "./browsing.js";
export * from "./keys.js";
export * from "./marks.js";
export * from "./page.js";
export * from "./pictures.js";
export * from "./receipts.js";
export * from "./results.js";
export * from "./detection-results.js";
export * from "./figure.js";
export * from "./figure-colours.js";
export * from "./precision-recall.js";
export * from "./presence.js";
export * from "./training.js";
