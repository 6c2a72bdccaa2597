/** Where something is on the page, once it stays there. */
import type { Locator } from "playwright-core";

type Box = NonNullable<Awaited<ReturnType<Locator["boundingBox"]>>>;

/** In milliseconds, between two looks. */
const PAUSE = 150;

/** Looks until it has been in one place three times: the axes of a plot move while the labels beside them are measured. */
export async function settledBox(of: Locator): Promise<Box> {
  let last = "";
  for (let same = 1; ;) {
    const box = await of.boundingBox();
    const now = JSON.stringify(box);
    same = box && now === last ? same + 1 : 1;
    if (box && same === 3) return box;
    last = now;
    await of.page().waitForTimeout(PAUSE);
  }
}
