import { expect, it } from "vitest";

import { colourOf } from "../../../src/kernel-lib/data/box-drawing.js";
import { labelColour } from "../../../src/widgets/src/picture/label-colours.js";

it("gives a label the same colour in the tools and drawn on a picture", () => {
  const labels = Array.from({ length: 30 }, (_, i) => `label ${i}`);
  for (const label of labels) expect(labelColour(labels, label)).toBe(colourOf(label, labels));
});
