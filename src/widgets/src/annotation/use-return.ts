/** Calls back when the person comes to the page again, from another tab or window. */
import { useEffect } from "preact/hooks";

export function useReturn(onReturn: () => void): void {
  useEffect(() => {
    const gone = new AbortController();
    const seen = () => {
      if (document.visibilityState === "visible") onReturn();
    };
    document.addEventListener("visibilitychange", seen, { signal: gone.signal });
    window.addEventListener("focus", seen, { signal: gone.signal });
    return () => gone.abort();
  }, [onReturn]);
}
