/** A cell that runs again leaves the widget of its former run behind; its views say that they go. */
import { expect, test } from "vitest";

import { pictureDataset } from "./picture-folder.js";
import { announcements, shown, THINGS } from "./shown-annotation.js";

const here = (view: string) => ({ presence: { view, here: true } });
const gone = (view: string) => ({ presence: { view, here: false } });

test("a widget works out nothing for a page that shows it no more, and is up to date where it is shown again", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  await kernel.command(here("one"));
  dataset.changeLabelForImage(0, "cup");
  expect(state().counts).toEqual([2, 5, 1]);
  await kernel.command(gone("one"));
  const states = () => kernel.sent.filter(({ data }) => data["method"] === "update").length;
  const before = states();
  dataset.changeLabelForImage(1, "cup");
  dataset.changeLabelForImage(2, "cup");
  expect(states()).toBe(before);
  await kernel.command(here("two"));
  expect(states()).toBe(before + 1);
  expect(state().counts).toEqual([0, 7, 1]);
});

test("a second view keeps it at work, and so does one that never said that it came", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  dataset.changeLabelForImage(0, "cup");
  expect(state().counts).toEqual([2, 5, 1]);
  await kernel.command(here("one"));
  await kernel.command(here("two"));
  await kernel.command(gone("one"));
  dataset.changeLabelForImage(1, "cup");
  expect(state().counts).toEqual([1, 6, 1]);
  await kernel.command(gone("two"));
  dataset.changeLabelForImage(2, "cup");
  expect(state().counts).toEqual([1, 6, 1]);
  // A command comes from a view, whatever was heard of it.
  await kernel.command({ type: "move", by: 1 });
  expect(state()).toMatchObject({ counts: [0, 7, 1], position: 1 });
});

test("shown by a cell again it is alive before a view has said a word", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state, widget } = await shown(dataset);
  await kernel.command(here("one"));
  await kernel.command(gone("one"));
  dataset.changeLabelForImage(0, "cup");
  await widget.show();
  expect(state().counts).toEqual([2, 5, 1]);
  dataset.changeLabelForImage(1, "cup");
  expect(state().counts).toEqual([1, 6, 1]);
});

test.each([{ presence: 1 }, { presence: { view: 1, here: false } }, { presence: { view: "one" } }])(
  "what is no presence changes nothing: %j",
  async (content) => {
    const dataset = await pictureDataset(THINGS);
    const { kernel, state } = await shown(dataset);
    await kernel.command(content);
    dataset.changeLabelForImage(0, "cup");
    expect(state().counts).toEqual([2, 5, 1]);
    expect(announcements(kernel)).toEqual(["b1.png: cup"]);
  },
);
