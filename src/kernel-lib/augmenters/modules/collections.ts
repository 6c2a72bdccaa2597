/** imgaug's module `collections`, whole. */
export { RandAugment } from "../collections.js";
