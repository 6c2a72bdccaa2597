/** imgaug's module `segmentation`, whole. */
export {
  RegularGridVoronoi,
  RelativeRegularGridVoronoi,
  Superpixels,
  UniformVoronoi,
  Voronoi,
} from "../segmentation.js";
