import { expect, test } from "vitest";

import { handleKey, nameOfKey, type KeyBinding } from "../../../src/widgets/src/picture/key-bindings.js";

interface Press {
  key: string;
  code?: string;
  shiftKey?: boolean;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  /** A CSS selector that the focused element matches. */
  on?: string;
}

/** A key press without a browser: only what the bindings look at. */
function press({ on = "div", ...keys }: Press) {
  const held = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, code: "", isComposing: false };
  const kept: string[] = [];
  const event = {
    ...held,
    ...keys,
    defaultPrevented: false,
    target: { matches: (selector: string) => selector.split(",").some((one) => one.trim() === on) },
    preventDefault: () => kept.push("default"),
    stopPropagation: () => kept.push("propagation"),
  };
  return { event: event as unknown as KeyboardEvent, kept };
}

function run(pressed: Press, live = true): string | undefined {
  let ran: string | undefined;
  const binding = (name: string, local = false): KeyBinding => ({
    keys: [name],
    shown: name,
    help: name,
    local,
    run: (key) => (ran = key),
  });
  const names = ["1", "Shift+1", "Mod+z", "Mod+Shift+z", "ArrowLeft", "Shift+ArrowLeft", "?", "-"];
  const { event } = press(pressed);
  handleKey(event, [...names.map((name) => binding(name)), binding("+", true)], live);
  return ran;
}

test.each<[Press, string | undefined]>([
  [{ key: "1", code: "Digit1" }, "1"],
  [{ key: "!", code: "Digit1", shiftKey: true }, "Shift+1"],
  // A French keyboard prints digits with Shift, and an ampersand without.
  [{ key: "&", code: "Digit1" }, "1"],
  [{ key: "1", code: "Digit1", shiftKey: true }, "1"],
  [{ key: "-", code: "Digit6" }, "-"],
  [{ key: "1", code: "Numpad1" }, "1"],
  [{ key: "z", ctrlKey: true }, "Mod+z"],
  [{ key: "z", metaKey: true }, "Mod+z"],
  [{ key: "Z", ctrlKey: true, shiftKey: true }, "Mod+Shift+z"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "ArrowLeft", shiftKey: true }, "Shift+ArrowLeft"],
  [{ key: "1", code: "Digit1", altKey: true }, undefined],
  [{ key: "1", code: "Digit1", ctrlKey: true }, undefined],
  [{ key: "x" }, undefined],
  // A slider keeps its arrows, a menu its letters, a text field everything.
  [{ key: "ArrowLeft", on: 'input[type="range"]' }, undefined],
  [{ key: "1", code: "Digit1", on: 'input[type="range"]' }, "1"],
  [{ key: "1", code: "Digit1", on: "select" }, undefined],
  [{ key: "z", ctrlKey: true, on: "select" }, "Mod+z"],
  [{ key: "z", ctrlKey: true, on: "textarea" }, undefined],
])("%j runs %s", (pressed, expected) => {
  expect(run(pressed)).toBe(expected);
});

test("without a kernel only what needs none runs, and the page still does not get the key", () => {
  expect(run({ key: "1", code: "Digit1" }, false)).toBeUndefined();
  expect(run({ key: "+" }, false)).toBe("+");
  const { event, kept } = press({ key: "1", code: "Digit1" });
  handleKey(event, [{ keys: ["1"], shown: "1", help: "", run: () => undefined }], false);
  expect(kept).toEqual(["default", "propagation"]);
});

test("names a key as people say it", () => {
  expect(nameOfKey(press({ key: "PageDown" }).event)).toBe("PageDown");
});
