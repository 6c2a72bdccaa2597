/**
 * What the kernel's side and the browser's side of a widget say to each other: state with its defaults, commands (browser to
 * kernel) and events (kernel to browser), each declared once. A leaf: it imports nothing.
 */
export * from "./names.js";
