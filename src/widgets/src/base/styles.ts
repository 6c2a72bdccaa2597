/** Stylesheets, each once a document. */
import sheet from "./styles.css";

/** The widgets' own stylesheet; or that of one kind of widget, under a name of its own. */
export function adoptStyles(page: Document, text: string = sheet, id = "vitrine-widgets-styles"): void {
  if (page.getElementById(id)) return;
  const style = page.createElement("style");
  style.id = id;
  style.textContent = text;
  page.head.append(style);
}
