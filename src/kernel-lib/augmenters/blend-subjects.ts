/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over maps: every index lies within the map */
/** What lies on two pictures that are mixed by a mask: keypoints one by one, boxes and outlines by the mask's mean, maps where it is over a half. */
import type { ImageData8 } from "../structures/image.js";
import { blendedByMask } from "./blend-pictures.js";
import type { Mask } from "./blend-masks.js";
import { roundHalfEven } from "./enlarge.js";
import type { Keypoint, Subject } from "./subject.js";
import { resizedMap, type ValueMap } from "./value-map.js";

export function masked(subject: Subject, front: Subject, back: Subject, mask: Mask): Subject {
  const { low, high, mean } = extent(mask);
  const chosen = mean > 0.5 ? front : back;
  const { keypoints } = subject;
  const image = low >= 0.99 ? front.image : high <= 0.01 ? back.image : blendedByMask(front.image, back.image, mask);
  if (!keypoints && !front.heatmaps && !front.segmentationMaps) return { ...chosen, image };
  const shares = perPixel(mask, subject.image);
  return {
    ...chosen,
    image,
    ...(keypoints && { keypoints: mixedKeypoints(subject, front.keypoints ?? [], back.keypoints ?? [], shares) }),
    ...(front.heatmaps && { heatmaps: mixedMaps(front.heatmaps, back.heatmaps ?? [], shares, subject.image) }),
    ...(front.segmentationMaps && {
      segmentationMaps: mixedMaps(front.segmentationMaps, back.segmentationMaps ?? [], shares, subject.image),
    }),
  };
}

function extent(mask: Mask): { low: number; high: number; mean: number } {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const share of mask) {
    if (share < low) low = share;
    if (share > high) high = share;
    sum += share;
  }
  return { low, high, mean: sum / mask.length };
}

/** The mean of a pixel's channels. */
function perPixel(mask: Mask, { width, height }: ImageData8): Float32Array {
  const channels = mask.length / (width * height);
  if (channels === 1) return mask;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const own = mask.subarray(i * channels, (i + 1) * channels);
    return own.reduce((sum, share) => sum + share, 0) / channels;
  });
}

function mixedKeypoints(
  { image: { width, height }, keypoints = [] }: Subject,
  front: readonly Keypoint[],
  back: readonly Keypoint[],
  shares: Float32Array,
): readonly Keypoint[] {
  // Branches that drop or add keypoints leave no pairs to choose from.
  if (front.length !== keypoints.length || back.length !== keypoints.length) return back;
  return keypoints.map((keypoint, i) => {
    const [x, y] = [roundHalfEven(keypoint.x), roundHalfEven(keypoint.y)];
    if (x < 0 || y < 0 || x >= width || y >= height) return { ...keypoint, x, y };
    return (shares[y * width + x]! > 0.5 ? front[i] : back[i]) ?? keypoint;
  });
}

function mixedMaps<M extends ValueMap>(
  front: readonly M[],
  back: readonly M[],
  shares: Float32Array,
  image: ImageData8,
): M[] {
  return front.map((map, i) => {
    const other = back[i] ?? map;
    if (other.width !== map.width || other.height !== map.height) return other;
    const own = resizedMap(
      { data: shares, width: image.width, height: image.height, channels: 1 },
      map.width,
      map.height,
    );
    const data = map.data.map((value, place) =>
      own.data[Math.floor(place / map.channels)]! >= 0.5 ? value : other.data[place]!,
    );
    return { ...map, data };
  });
}
