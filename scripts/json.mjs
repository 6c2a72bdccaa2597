/**
 * JSON whose shape nobody has checked yet.
 * @module
 */

/**
 * @param {string} text
 * @returns {unknown} JSON.parse's `any` would pass for whatever the caller hopes it is
 */
export function parseJson(text) {
  /** @type {unknown} */
  const value = JSON.parse(text);
  return value;
}
