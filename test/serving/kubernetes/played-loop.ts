/** What controllers and nodes do: look, and look again, until they are stopped. */

export interface PlayedLoop {
  /** Resolves when the last look is over. */
  stop(): Promise<void>;
}

/** @param interval milliseconds between two looks at all namespaces */
export function playedLoop(
  namespaces: readonly string[],
  interval: number,
  tend: (namespace: string) => Promise<void>,
): PlayedLoop {
  let going = true;
  const loop = async () => {
    while (going) {
      // What changed meanwhile is seen the next time.
      for (const namespace of namespaces) await tend(namespace).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  };
  const running = loop();
  return {
    stop: async () => {
      going = false;
      await running;
    },
  };
}
