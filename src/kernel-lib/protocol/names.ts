/** The module that the browser side registers, and the version both sides must agree on. */
export const WIDGET_MODULE = "vitrine-widgets";
export const WIDGET_VERSION = "0.1.0";

/** The widgets there are. The model is `${name}Model`, the view `${name}View`. */
export const WIDGET_NAMES = [
  "Annotation",
  "Boxes",
  "Results",
  "DetectionResults",
  "PrecisionRecall",
  "Training",
  "Figure",
] as const;
export type WidgetName = (typeof WIDGET_NAMES)[number];

/** The traits that every widget of the widget protocol 2.1 carries. */
export function identity(name: WidgetName) {
  return {
    _model_module: WIDGET_MODULE,
    _model_module_version: WIDGET_VERSION,
    _model_name: `${name}Model`,
    _view_module: WIDGET_MODULE,
    _view_module_version: WIDGET_VERSION,
    _view_name: `${name}View`,
  };
}
