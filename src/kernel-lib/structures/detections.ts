/** What a detector found in one picture. */

/** `N` objects by descending score. Boxes are in pixels of the picture as it is displayed. */
export interface Detections {
  /** `N × 4`: xmin, ymin, xmax, ymax. */
  boxes: Float32Array;
  /** `N` numbers in 0..1, descending. */
  scores: Float32Array;
  /** `N` indices into the detector's labels. */
  classes: Int32Array;
}
