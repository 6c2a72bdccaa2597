/**
 * What `@jupyter-widgets/base` finds by name: `${name}Model` and `${name}View` of every widget in `protocol/names.ts`.
 */
import { figure } from "./figure/index.js";
import { precisionRecall } from "./precision-recall/index.js";
import { training } from "./training/index.js";

export const FigureModel = figure.Model;
export const FigureView = figure.View;
export const PrecisionRecallModel = precisionRecall.Model;
export const PrecisionRecallView = precisionRecall.View;
export const TrainingModel = training.Model;
export const TrainingView = training.View;
