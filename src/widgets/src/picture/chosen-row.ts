/** The row of the picture that a gallery has chosen: it is on the page that the state carries. */
import type { BrowsingState, PictureRow } from "../../../kernel-lib/protocol/index.js";

export function chosenRow<R extends PictureRow>(state: BrowsingState & { page: readonly R[] }): R | undefined {
  return state.position < 0 ? undefined : state.page[state.position % (state.columns * state.rows)];
}
