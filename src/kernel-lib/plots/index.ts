/** Plots as plain plotly specifications, and as pictures without a browser. */
export { accuraciesSpec, type PlottedAccuracies } from "./accuracies.js";
export { confusionMatrixSpec } from "./confusion-matrix.js";
export { encodePng } from "./picture.js";
export { GUIDE_COLOUR, shownPoints, type PlotSpec, type PlotTrace, type PlotValue } from "./plot-spec.js";
export { precisionRecallSpec, type PlottedPrecisionRecallCurve } from "./precision-recall-curve.js";
export { rocCurveSpec, type PlottedRocCurve } from "./roc-curve.js";
export { plotsAsPng, plotsAsSvg, plotsAsText, type StaticPanel, type StaticPlotOptions } from "./static-plot.js";
