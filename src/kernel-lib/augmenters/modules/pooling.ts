/** imgaug's module `pooling`, whole. */
export { AveragePooling, MaxPooling, MedianPooling, MinPooling } from "../pooling.js";
