/** imgaug's module `flip`, whole. */
export { Fliplr, Flipud, HorizontalFlip, VerticalFlip } from "../flip.js";
