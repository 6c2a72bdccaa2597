/** What is around every widget: its name, the theme, the line that says that no kernel answers, and the place for announcements. */
import { signal, useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { createContext, type ComponentChildren } from "preact";
import { useContext, useMemo } from "preact/hooks";

import type { WidgetPort } from "./port.js";
import { adoptStyles } from "./styles.js";
import { watchTheme, type Theme } from "./theme.js";

interface FrameContext {
  live: ReadonlySignal<boolean>;
  theme: ReadonlySignal<Theme>;
  announce: (sentence: string) => void;
}

// A component outside a frame (a test of one button) is live, light and silent.
const Surroundings = createContext<FrameContext>({
  live: signal(true),
  theme: signal({
    dark: false,
    text: "#1f2328",
    page: "#ffffff",
    muted: "#59636e",
    grid: "#d8dee4",
    accent: "#1565c0",
    font: "",
  }),
  announce: () => undefined,
});

/** Whether a kernel answers. */
export const useLive = (): ReadonlySignal<boolean> => useContext(Surroundings).live;

/** The page's theme as colours, for what CSS can't reach. */
export const useTheme = (): ReadonlySignal<Theme> => useContext(Surroundings).theme;

/** Says a sentence to screen readers, once what is being said is finished. */
export const useAnnounce = (): ((sentence: string) => void) => useContext(Surroundings).announce;

export interface FrameProps {
  title: string;
  host: HTMLElement;
  port: Pick<WidgetPort<object>, "live" | "signal" | "unanswered">;
  /** What is said while nobody answers. */
  offline?: string;
  children: ComponentChildren;
}

export function Frame({ title, host, port, offline = OFFLINE, children }: FrameProps) {
  const announcement = useMemo(() => signal(""), []);
  const context = useMemo(() => {
    adoptStyles(host.ownerDocument);
    const announce = (sentence: string) => {
      // The same sentence twice would not be spoken again: an unseen space makes it another one.
      announcement.value = sentence === announcement.value ? `${sentence}\u00a0` : sentence;
    };
    return { live: port.live, theme: watchTheme(host, port.signal), announce };
  }, [host, port, announcement]);
  const { dark } = context.theme.value;
  const late = useLate(port);
  return (
    <Surroundings.Provider value={context}>
      <section class="vt-root" aria-label={title} data-vt-theme={dark ? "dark" : "light"}>
        {!port.live.value && <p class="vt-offline">{offline}</p>}
        {port.live.value && late && (
          <p class="vt-late" role="status">
            {LATE}
          </p>
        )}
        {children}
        <div class="vt-visually-hidden" role="status" aria-live="polite">
          {announcement.value}
        </div>
      </section>
    </Surroundings.Provider>
  );
}

/** Whether what is shown has waited so long that one should know that it is not saved. */
function useLate({ unanswered }: Pick<WidgetPort<object>, "unanswered">): boolean {
  const late = useSignal(false);
  useSignalEffect(() => {
    late.value = false;
    if (unanswered.value === 0) return undefined;
    const timer = setTimeout(() => (late.value = true), PATIENCE);
    return () => clearTimeout(timer);
  });
  return late.value;
}

/** In milliseconds: a slow line is no reason to worry anybody, a busy kernel is one. */
const PATIENCE = 3000;

const LATE = "Waiting for the kernel: what you did meanwhile is not saved yet.";

const OFFLINE = "No kernel is connected: this is how it was left. Run its cell again to work with it.";
