/** How values between pixels are found, by OpenCV's words. */
export const INTERPOLATIONS = ["nearest", "linear", "area", "cubic"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];
