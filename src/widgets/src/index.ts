/**
 * What `@jupyter-widgets/base` finds by name: `${name}Model` and `${name}View` of every widget in `protocol/names.ts`.
 */
import { annotation } from "./annotation/index.js";
import { jupyterClasses } from "./base/jupyter-classes.js";
import { boxes } from "./boxes/index.js";
import { detectionResults } from "./detection-results/index.js";
import { figure } from "./figure/index.js";
import { precisionRecall } from "./precision-recall/index.js";
import { results } from "./results/index.js";
import { training } from "./training/index.js";

export const { Model: AnnotationModel, View: AnnotationView } = jupyterClasses(annotation);
export const { Model: BoxesModel, View: BoxesView } = jupyterClasses(boxes);
export const { Model: DetectionResultsModel, View: DetectionResultsView } = jupyterClasses(detectionResults);
export const { Model: FigureModel, View: FigureView } = jupyterClasses(figure);
export const { Model: PrecisionRecallModel, View: PrecisionRecallView } = jupyterClasses(precisionRecall);
export const { Model: ResultsModel, View: ResultsView } = jupyterClasses(results);
export const { Model: TrainingModel, View: TrainingView } = jupyterClasses(training);
