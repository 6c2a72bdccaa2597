/** Tabs as the ARIA practices describe them: one stop for the Tab key, arrows between the tabs. */
import type { ComponentChildren } from "preact";

import { useUniqueId } from "./use-unique-id.js";

export interface TabsProps {
  label: string;
  tabs: readonly { id: string; title: string }[];
  active: string;
  onSelect: (id: string) => void;
  /** The active tab's panel. */
  children: ComponentChildren;
}

export function Tabs({ label, tabs, active, onSelect, children }: TabsProps) {
  const id = useUniqueId();
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === active);
    const steps: { [key: string]: number | undefined } = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = steps[event.key];
    const next = target === undefined ? undefined : tabs[(target + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onSelect(next.id);
    const strip = event.currentTarget as HTMLElement;
    strip.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <div class="vt-tabs">
      <div class="vt-tab-strip" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            class="vt-tab"
            id={`${id}-${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab.id === active}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === active ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div class="vt-tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
        {children}
      </div>
    </div>
  );
}
