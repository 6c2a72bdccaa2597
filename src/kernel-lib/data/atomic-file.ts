/** Files of a data set are written as all of vitrine's are. */
export { writeFileAtomic } from "../structures/atomic-file.js";
