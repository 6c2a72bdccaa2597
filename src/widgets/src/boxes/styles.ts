/** The stylesheet of boxes that are drawn, once a document. */
import { useLayoutEffect } from "preact/hooks";

import { adoptStyles } from "../base/styles.js";
import sheet from "./boxes.css";

export function useBoxStyles(): void {
  useLayoutEffect(() => adoptStyles(document, sheet, "vitrine-boxes-styles"), []);
}
