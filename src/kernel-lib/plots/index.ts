/** Plots as plain plotly specifications, and as pictures without a browser. */
export { accuraciesSpec } from "./accuracies.js";
export { confusionMatrixSpec, errorMatrixSpec } from "./confusion-matrix.js";
export {
  calibrationPlot,
  CLASS_FIGURES,
  type ClassFigure,
  classBarsPlot,
  confusionMatrixPlot,
  type CurvedEvaluation,
  errorCountsPlot,
  type Models,
  namedModels,
  precisionRecallPlot,
  rocCurvePlot,
  scoreHistogramPlot,
} from "./evaluations.js";
export { errorCountsSpec } from "./error-counts.js";
export { loadLatencySpec, loadThroughputSpec } from "./load-test.js";
export { learningRateSpec } from "./learning-rate-curve.js";
export { THEMES, type PlotTheme } from "./paint.js";
export { encodePng } from "./picture.js";
export { shownPoints, type PlotSpec, type PlotTrace } from "./plot-spec.js";
export { precisionRecallSpec } from "./precision-recall-curve.js";
export { runComparisonSpec, type ComparedCurve, type RunMeasure } from "./run-comparison.js";
export { histogramRange, scoreHistogramSpec } from "./score-histogram.js";
export { plotsAsPng, plotsAsSvg, plotsAsText, type StaticPanel } from "./static-plot.js";
