/** How much each class's pictures count. */
import { VitrineError } from "../structures/errors.js";
import { numberOption, recordOption } from "../structures/options.js";

/** "balanced": each class as much as the others, as scikit-learn's `N / (K · count)`; or by label, 1 where none is given. */
export type ClassWeights = "balanced" | Readonly<Record<string, number>>;

/**
 * A weight for each label, in their order.
 * @param classes of each training picture; one of several counts for each in equal parts
 * @throws InvalidOption, UnknownLabel
 */
export function classWeightList(
  weights: ClassWeights,
  labels: readonly string[],
  classes: readonly (readonly number[])[],
): number[] {
  if (weights === "balanced") return balanced(labels.length, classes);
  const given = recordOption("classWeights", weights, '"balanced" or weights by label');
  const unknown = Object.keys(given).find((label) => !labels.includes(label));
  if (unknown !== undefined) throw new VitrineError("UnknownLabel", { label: unknown, labels });
  return labels.map((label) =>
    // Zero for all pictures of a batch would make its mean 0 / 0.
    numberOption(`classWeights[${JSON.stringify(label)}]`, Object.hasOwn(given, label) ? given[label] : 1, 1e-6, 1e6),
  );
}

function balanced(count: number, classes: readonly (readonly number[])[]): number[] {
  const counts = Array<number>(count).fill(0);
  for (const own of classes) for (const index of own) counts[index] = (counts[index] ?? 0) + 1 / own.length;
  return counts.map((pictures) => classes.length / (count * pictures));
}
