/** imgaug's module `geometric`, whole. */
export { Affine } from "../geometric.js";
export { Rotate, ScaleX, ScaleY, ShearX, ShearY, TranslateX, TranslateY } from "../geometric-axes.js";
export { AffineCv2 } from "../geometric-cv2.js";
export { ElasticTransformation } from "../geometric-elastic.js";
export { Jigsaw } from "../geometric-jigsaw.js";
export { PerspectiveTransform } from "../geometric-perspective.js";
export { PiecewiseAffine } from "../geometric-piecewise.js";
export { WithPolarWarping } from "../geometric-polar.js";
export { Rot90 } from "../geometric-rot90.js";
