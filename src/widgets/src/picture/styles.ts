/** The galleries' stylesheet, once a document. */
import { useLayoutEffect } from "preact/hooks";

import { adoptStyles } from "../base/styles.js";
import sheet from "./gallery.css";

export function useGalleryStyles(): void {
  useLayoutEffect(() => adoptStyles(document, sheet, "vitrine-gallery-styles"), []);
}
