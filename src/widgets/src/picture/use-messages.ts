/** What the kernel says in reply to a command: read out to those who can't see, and kept in sight for those who can. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import type { GalleryEvent } from "../../../kernel-lib/protocol/index.js";
import { useAnnounce } from "../base/frame.js";
import type { WidgetPort } from "../base/port.js";

export interface Message {
  text: string;
  failed: boolean;
}

export function useMessages(
  port: Pick<WidgetPort<object, never, GalleryEvent>, "onEvent">,
): ReadonlySignal<Message | undefined> {
  const announce = useAnnounce();
  return useMemo(() => {
    const message = signal<Message | undefined>(undefined);
    port.onEvent((event) => {
      if (event.type !== "announce" && event.type !== "failed") return;
      message.value = { text: event.text, failed: event.type === "failed" };
      announce(event.text);
    });
    return message;
  }, [port, announce]);
}
