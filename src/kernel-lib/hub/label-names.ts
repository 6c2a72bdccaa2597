/** The names of the classes that weights tell apart, as Hugging Face keeps them: `id2label` in the `config.json` beside the weights. */

/**
 * In the order of the classes; undefined where the text says none for each. Names that several classes have ("crane" is a bird and a
 * machine) get the class's number behind them.
 */
export function labelNames(config: string): string[] | undefined {
  const named = namesById(config);
  if (!named) return undefined;
  const names = Array.from({ length: Object.keys(named).length }, (_, id) => named[String(id)]);
  if (!names.every((name) => typeof name === "string" && name.trim() !== "")) return undefined;
  const times = new Map<unknown, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return names.map((name, id) => (times.get(name) === 1 ? String(name) : `${String(name)} (${id})`));
}

function namesById(config: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found = (JSON.parse(config) as { id2label?: unknown } | null)?.id2label;
    return typeof found === "object" && found !== null && Object.keys(found).length > 0 ? { ...found } : undefined;
  } catch {
    return undefined;
  }
}
