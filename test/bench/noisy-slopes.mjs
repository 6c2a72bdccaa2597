/** The picture that augmenters are measured with. */
export const SIDE = 500;

/** Slopes with seeded noise on them, as a photograph has both. */
export function noisySlopes() {
  const data = new Uint8Array(SIDE * SIDE * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (i / 7 + (state >>> 27)) & 255;
  }
  return { data, width: SIDE, height: SIDE, channels: 3 };
}
