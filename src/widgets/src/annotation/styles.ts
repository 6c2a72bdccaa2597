/** The stylesheet of the label tool, once a document. */
import { useLayoutEffect } from "preact/hooks";

import { adoptStyles } from "../base/styles.js";
import sheet from "./annotation.css";

export function useAnnotationStyles(): void {
  useLayoutEffect(() => adoptStyles(document, sheet, "vitrine-annotation-styles"), []);
}
