/** A field that keeps only the pictures whose name holds what is typed. */
import { useEffect, useRef } from "preact/hooks";

import { useLive } from "../base/frame.js";

export interface NameSearchProps {
  value: string;
  onSearch: (text: string) => void;
}

/** Typing pauses so long before the list follows, in milliseconds. */
const PAUSE = 150;

export function NameSearch({ value, onSearch }: NameSearchProps) {
  const live = useLive().value;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(text), PAUSE);
  };
  return (
    <input
      class="vt-text vt-search"
      type="search"
      aria-label="Search by name"
      placeholder="Search names"
      disabled={!live}
      defaultValue={value}
      onInput={(event) => later(event.currentTarget.value)}
    />
  );
}
