/**
 * Keys of a widget, declared once: what they do and what the list of keys says of them. They work wherever the focus is in the
 * widget, except where the control that has it needs the key itself.
 */
export interface KeyBinding {
  /** The action's name, under which other keys are kept for it; one without a name keeps its keys. */
  id?: string;
  /** As `nameOfKey` spells them. */
  keys: readonly string[];
  /** As a person reads them. */
  shown: string;
  help: string;
  /** Gets the name of the key that was pressed. */
  run: (key: string, event: KeyboardEvent) => void;
  /** Works without a kernel. */
  local?: boolean;
  /** Only then is the key this action's; a later binding may have it otherwise. */
  when?: (event: KeyboardEvent) => boolean;
}

/** "ArrowLeft", "Shift+ArrowLeft", "Mod+z", "Mod+Shift+z", "?", "1": Mod is Ctrl, or ⌘ on a Mac. */
export function nameOfKey(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const letter = event.key.length === 1;
  // A printed character says by itself whether Shift was held, unless Ctrl is.
  const shift = event.shiftKey && (!letter || mod !== "") ? "Shift+" : "";
  return `${mod}${shift}${letter ? event.key.toLowerCase() : event.key}`;
}

/**
 * The digit key that was pressed, where the layout or Shift prints another character: "1", "Shift+1". With Ctrl it is the
 * browser's: it chooses a tab.
 */
export function nameOfDigit(event: KeyboardEvent): string | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  return digit && `${event.shiftKey ? "Shift+" : ""}${digit}`;
}

/** Runs the key's binding and keeps the key from the page; says whether there was one. */
export function handleKey(event: KeyboardEvent, bindings: readonly KeyBinding[], live: boolean): boolean {
  if (event.defaultPrevented || event.altKey || event.isComposing || belongsToControl(event)) return false;
  for (const key of [nameOfKey(event), nameOfDigit(event)]) {
    const binding =
      key === undefined ? undefined : bindings.find(({ keys, when }) => keys.includes(key) && (!when || when(event)));
    if (key === undefined || !binding) continue;
    event.preventDefault();
    event.stopPropagation();
    if (live || binding.local === true) binding.run(key, event);
    return true;
  }
  return false;
}

const SLIDER_KEYS = /^(Shift\+)?(Arrow|Page|Home|End)/;

/** A menu picks by letters and arrows, a slider moves by arrows, a text field takes all. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target as Element;
  const name = nameOfKey(event);
  if (target.matches("select")) return !name.startsWith("Mod+");
  if (target.matches('input[type="range"]')) return SLIDER_KEYS.test(name);
  return target.matches('input:not([type="checkbox"], [type="range"]), textarea');
}

/** Puts the focus on a field of the widget in which the key was pressed. */
export const focusField = (selector: string) => (_: string, event: KeyboardEvent) => {
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(selector)?.focus();
};

/** Whether the key is not needed by a button or the like that has the focus: Enter presses it, Space too. */
export const offControls = (event: KeyboardEvent): boolean =>
  (event.target as Element).closest("button, summary, input, textarea, select, a") === null;
