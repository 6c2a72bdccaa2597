import fc from "fast-check";
import { expect, test } from "vitest";
import { COLORSPACES, convertColors } from "../../../src/kernel-lib/augmenters/color-spaces.js";
import { withoutSimd } from "../../../src/kernel-lib/augmenters/picture-simd.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";

/** Any bytes at all: what is no colour of a space too. */
const pictures = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((data): ImageData8 => ({ data, width, height, channels: 3 })),
  );

test.each(COLORSPACES.filter((space) => space !== "RGB"))(
  "into %s and out of it with SIMD is as in plain TypeScript, byte for byte",
  (space) => {
    fc.assert(
      fc.property(pictures, (image) => {
        const results = () => [convertColors(image, "RGB", space), convertColors(image, space, "RGB")];
        expect(results()).toEqual(withoutSimd(results));
      }),
      { numRuns: 200 },
    );
  },
);

test("alpha stays as it is", () => {
  const data = Uint8Array.from({ length: 4 * 35 }, (_, i) => (i * 37) % 256);
  const { data: result } = convertColors({ data, width: 7, height: 5, channels: 4 }, "RGB", "HLS");
  expect(result.filter((_, i) => i % 4 === 3)).toEqual(data.filter((_, i) => i % 4 === 3));
});
