/** Light or dark, as the system has it until the person chooses. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

import { Button } from "../base/controls.js";

const KEPT = "vitrine-theme";

export function ThemeSwitch() {
  const theme = useSignal(localStorage.getItem(KEPT) ?? systemTheme());
  useLayoutEffect(() => {
    document.body.dataset["theme"] = theme.value;
  }, [theme.value]);
  const other = theme.value === "dark" ? "light" : "dark";
  const change = () => {
    theme.value = other;
    localStorage.setItem(KEPT, other);
  };
  return (
    <div class="vt-page-theme">
      <Button local label={`Theme: ${theme.value}`} onPress={change} />
    </div>
  );
}

const systemTheme = (): string => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
