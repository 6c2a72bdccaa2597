/** imgaug's module `debug`, whole. */
export { SaveDebugImageEveryNBatches } from "../debug.js";
