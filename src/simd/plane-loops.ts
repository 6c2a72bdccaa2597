/**
 * AssemblyScript: planes of doubles, a value for each pixel, from the random numbers that they are made of to the picture that they lie on. Each
 * loop has a twin in plain TypeScript in `src/kernel-lib/augmenters`.
 *
 * Addresses are in bytes; no two planes overlap. Loads and stores may reach 64 bytes beyond a plane.
 */
export { drawNormal, zoomRow } from "./planes/making";
export { cut, fromLevels, fromSingle, marked, rounded, times, toLevels } from "./planes/levels";
export { edgeDistances } from "./planes/distances";
export { layered, snowedOn } from "./planes/layers";
