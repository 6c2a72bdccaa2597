/** The stylesheet of results, once a document. */
import { useLayoutEffect } from "preact/hooks";

import { adoptStyles } from "../base/styles.js";
import sheet from "./results.css";

export function useResultsStyles(): void {
  useLayoutEffect(() => adoptStyles(document, sheet, "vitrine-results-styles"), []);
}
