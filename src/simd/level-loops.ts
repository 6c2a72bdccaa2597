/**
 * AssemblyScript: levels of pictures counted, moved between channels, mixed and filtered. Each has a twin in plain TypeScript in
 * `src/kernel-lib/augmenters`.
 *
 * Addresses are in bytes; pictures are 8-bit and interleaved, and no two of them overlap. Loads and stores may reach 16 bytes beyond a picture.
 */
export { channelOf, reordered, withChannel } from "./levels/channels";
export { count, countEach, interpolated, tileTable } from "./levels/histograms";
export { fadedToGrey, mixed, mixedByMask, mixedCut, sumOfGreys } from "./levels/mixtures";
export { nearestCenters } from "./levels/clusters";
export { filteredRow } from "./levels/kernels";
export { edgeKinds, linked, steepest, weighAcross } from "./levels/edges";
export { meanShift } from "./levels/mean-shift";
export {
  below,
  drawDoubles,
  multiplyEach,
  multiplyPixels,
  replaceEach,
  replacePixels,
  weighted,
} from "./levels/doubles";
