/** Plots as plain plotly specifications, and as pictures without a browser. */
export { accuraciesSpec } from "./accuracies.js";
export { confusionMatrixSpec } from "./confusion-matrix.js";
export { learningRateSpec } from "./learning-rate-curve.js";
export { encodePng } from "./picture.js";
export { shownPoints, type PlotSpec, type PlotTrace } from "./plot-spec.js";
export { precisionRecallSpec } from "./precision-recall-curve.js";
export { rocCurveSpec } from "./roc-curve.js";
export { plotsAsPng, plotsAsSvg, plotsAsText, type StaticPanel } from "./static-plot.js";
