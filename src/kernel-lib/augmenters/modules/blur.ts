/** imgaug's module `blur`, whole. */
export { AverageBlur } from "../average-blur.js";
export { GaussianBlur } from "../blur.js";
export { BilateralBlur, MotionBlur } from "../blur-edges.js";
export { MeanShiftBlur } from "../blur-mean-shift.js";
export { MedianBlur } from "../median-blur.js";
