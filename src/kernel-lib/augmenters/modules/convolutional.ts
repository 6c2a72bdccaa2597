/** imgaug's module `convolutional`, whole. */
export { Convolve, EdgeDetect, Emboss, Sharpen } from "../convolutional.js";
export { DirectedEdgeDetect } from "../convolutional-directed.js";
