/** imgaug's module `contrast`, whole. */
export { GammaContrast, LinearContrast, LogContrast, SigmoidContrast } from "../contrast.js";
export {
  AllChannelsCLAHE,
  AllChannelsHistogramEqualization,
  CLAHE,
  HistogramEqualization,
} from "../contrast-histogram.js";
