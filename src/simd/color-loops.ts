/**
 * AssemblyScript: pictures of three channels from one colour space into another. The twins in plain TypeScript are
 * `src/kernel-lib/augmenters/color-spaces*.ts`.
 *
 * Addresses are in bytes; pictures are 8-bit and interleaved, and no two of them overlap. Loads and stores may reach 16 bytes beyond a picture.
 */
export { fromHls, fromHsv, toHls, toHsv } from "./colors/hues";
export { fromDifferences, mixed, reversed, toDifferences, toGrey } from "./colors/sums";
export { fromLab, fromLuv, toLab, toLuv } from "./colors/cie";
