/** A labelled box around an object in a picture. */

/**
 * Where an object is, in pixels of the picture as it is displayed (after EXIF orientation): continuous coordinates, 0 is the left or
 * top edge of the first pixel, `width` or `height` the far edge of the last. Three of the flags are Pascal VOC's, the fourth is COCO's.
 */
export interface ObjectBox {
  label: string;
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
  /** Hard to see even for a person: evaluations leave it out unless told otherwise. */
  difficult: boolean;
  /** The object goes on beyond the box, mostly because the picture ends. */
  truncated: boolean;
  /** Something stands before the object. */
  occluded: boolean;
  /**
   * One box around many objects, COCO's `iscrowd`: nothing is learnt from it, and detections on it, however many, count neither way.
   * Absent: false.
   */
  crowd?: boolean | undefined;
}
