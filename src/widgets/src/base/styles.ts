/** The stylesheet, once a document. */
import sheet from "./styles.css";

const ID = "vitrine-widgets-styles";

export function adoptStyles(page: Document): void {
  if (page.getElementById(ID)) return;
  const style = page.createElement("style");
  style.id = ID;
  style.textContent = sheet;
  page.head.append(style);
}
