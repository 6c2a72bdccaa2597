/**
 * AssemblyScript: the loops over pixels that augmenters spend nearly all of their time in. Each has a twin in plain TypeScript in
 * `src/kernel-lib/augmenters`.
 *
 * Addresses are in bytes; pictures are 8-bit and interleaved. Loads may reach 16 bytes beyond a picture, and stores beyond a row.
 */
export { affineRow, cubicRow, fieldRow, linearRow, nearestRow, perspectiveRow } from "./pictures/sampling";
export { polarRow, rayRow } from "./pictures/polar";
export { bilateralRow } from "./pictures/bilateral";
export { blur, smoothAcross, smoothDown } from "./pictures/filters";
export { mirror, turn } from "./pictures/flips";
export { addEach, addToPixels, drawEven, drawFromTable } from "./pictures/noise";
export { lookUp, lookUpEach } from "./pictures/levels";
export { convolveExactly, convolveRow, rankRow, toBytes, toFloats } from "./pictures/windows";
export { copyWithin, exactMeans, moveColumns, slideAcross, wholeMeans } from "./pictures/means";
export { cubicAcross, cubicAcrossGrey, cubicDown, resizeAcross, resizeDown } from "./pictures/resizing";
