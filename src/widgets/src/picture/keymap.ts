/** Keys that a person has put in the place of a widget's own. */
import type { KeyMap } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "./key-bindings.js";

export interface KeymapUse {
  keys: KeyMap;
  onChange: (keys: KeyMap) => void;
}

/** The bindings with the chosen keys. A key that was given to one action is no other action's any more. */
export function remapped(bindings: readonly KeyBinding[], keys: KeyMap): KeyBinding[] {
  const taken = new Set(Object.values(keys).flat());
  return bindings.map((binding) => {
    const chosen = binding.id === undefined ? undefined : keys[binding.id];
    const own = chosen ?? binding.keys.filter((key) => !taken.has(key));
    if (!chosen && own.length === binding.keys.length) return binding;
    return { ...binding, keys: own, shown: own.map(keyText).join(", ") || "none" };
  });
}

/** The map with a key for an action, taken from whatever action had it by choice. */
export function withKey(keys: KeyMap, id: string, key: string): KeyMap {
  const others = Object.entries(keys).map(([other, own]) => [other, own.filter((one) => one !== key)] as const);
  return { ...Object.fromEntries(others), [id]: [key] };
}

const SIGNS: { [name: string]: string | undefined } = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
  Escape: "Esc",
  Mod: "Ctrl",
  " ": "Space",
};

/** "Mod+Shift+z" as people read it: "Ctrl Shift Z". */
export function keyText(key: string): string {
  // "+" is a key too.
  const parts = key.endsWith("+") ? [...key.slice(0, -1).split("+").filter(Boolean), "+"] : key.split("+");
  return parts.map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}
