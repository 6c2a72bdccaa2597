/**
 * What `@jupyter-widgets/base` finds by name: `${name}Model` and `${name}View` of every widget in `protocol/names.ts`.
 */
import { annotation } from "./annotation/index.js";
import { boxes } from "./boxes/index.js";
import { figure } from "./figure/index.js";
import { precisionRecall } from "./precision-recall/index.js";
import { results } from "./results/index.js";
import { training } from "./training/index.js";

export const AnnotationModel = annotation.Model;
export const AnnotationView = annotation.View;
export const BoxesModel = boxes.Model;
export const BoxesView = boxes.View;
export const FigureModel = figure.Model;
export const FigureView = figure.View;
export const PrecisionRecallModel = precisionRecall.Model;
export const PrecisionRecallView = precisionRecall.View;
export const ResultsModel = results.Model;
export const ResultsView = results.View;
export const TrainingModel = training.Model;
export const TrainingView = training.View;
