/** imgaug's module `artistic`, whole. */
export { Cartoon } from "../artistic.js";
