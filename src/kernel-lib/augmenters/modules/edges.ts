/** imgaug's module `edges`, whole. */
export { Canny } from "../edges.js";
