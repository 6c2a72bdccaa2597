import { describe, expect, it } from "vitest";

import { FIRST_NOTEBOOK, parseStartOptions } from "../../../scripts/command-line.mjs";
import { notebookInRoot } from "../../../scripts/start-workshop.mjs";

describe("npm start's options", () => {
  it("have defaults", () => {
    expect(parseStartOptions([])).toEqual({
      port: undefined,
      token: undefined,
      browser: true,
      help: false,
      notebook: FIRST_NOTEBOOK,
    });
  });

  it("are read in any order", () => {
    const args = ["--no-browser", "notebooks/x.ipynb", "--port", "8890", "--token=abc"];
    expect(parseStartOptions(args)).toEqual({
      port: 8890,
      token: "abc",
      browser: false,
      help: false,
      notebook: "notebooks/x.ipynb",
    });
  });

  it.each([
    [["--prot", "1"], /Unknown option '--prot'\.\n\nUsage: npm start/],
    [["--port"], /--port.*argument missing/],
    [["--port", "0"], /between 1 and 65535 for --port but received "0"/],
    [["--port", "80x"], /received "80x"/],
    [["--port", "65536"], /received "65536"/],
    [["--token", "two words"], /for --token/],
    [["--token", ""], /for --token/],
    [["a.ipynb", "b.ipynb"], /one notebook but received a\.ipynb, b\.ipynb/],
  ])("%j are refused with a sentence", (args, sentence) => {
    expect(() => parseStartOptions(args)).toThrow(sentence);
  });
});

describe("the notebook to open", () => {
  it("is relative to the repository, with forward slashes", () => {
    expect(notebookInRoot(FIRST_NOTEBOOK)).toBe(FIRST_NOTEBOOK);
  });

  it.each([
    ["notebooks/none.ipynb", "There is no notebooks/none.ipynb"],
    ["notebooks", "is a folder"],
    ["../..", "lies outside"],
  ])("%s is refused with a sentence", (notebook, sentence) => {
    expect(() => notebookInRoot(notebook)).toThrow(sentence);
  });
});
