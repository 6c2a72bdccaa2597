/** The augmenter that a training is given, and where it can't be used. */
import { quote, VitrineError } from "../structures/errors.js";

/** @throws InvalidOption */
export function augmenterOption<A extends { augment: unknown }>(augmenter: A): A {
  if (typeof (augmenter as Partial<A> | null)?.augment === "function") return augmenter;
  const expected = "an augmenter, augmenters.Sequential([…]) say,";
  throw new VitrineError("InvalidOption", { option: "augment", expected, received: quote(augmenter) });
}

/** Features of a frozen base are computed once, so that there is nothing to augment on the way. */
export function refuseFrozenAugment(): never {
  const expected =
    "freeze: false or a stage's name beside it, or augmentDataset(…) before a training with a frozen base,";
  throw new VitrineError("InvalidOption", {
    option: "augment",
    expected,
    received: "a base that is frozen as a whole",
  });
}
