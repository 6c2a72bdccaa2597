import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { root } from "../../scripts/places.mjs";

const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

/** What git would commit: tracked files as they lie here. */
const files = git("ls-files", "-z")
  .split("\0")
  .filter((file) => file !== "" && !/\.(?:jpe?g|png|safetensors|npz)$/.test(file));

const textOf = (file: string) => {
  try {
    return readFileSync(path.join(root, file), "utf8");
  } catch {
    return ""; // Deleted here and not yet in git.
  }
};

describe("committed files", () => {
  it("are seen at all", () => {
    expect(files).toContain("package-lock.json");
    expect(files.length).toBeGreaterThan(100);
  });

  it("name no package registry and no place of one machine", () => {
    // In pieces, or this file would be the first to be found.
    const dot = ".";
    const registries = [
      ["registry", "npmjs", "org"],
      ["registry", "yarnpkg", "com"],
      ["files", ["python", "hosted"].join(""), "org"],
    ];
    // "/src" or "/app", as clones in containers are called, are in many a path and say nothing of a machine.
    const isTelling = (place: string) => place.split(path.sep).length > 2;
    const places = [root, homedir()].filter(isTelling).map((place) => `${place}/`);
    const homes = [/\/(?:home|Users)\/[a-z][\w.-]*\/(?!\.\.\.)/, /[A-Z]:\\Users\\\w/];
    const found = files.flatMap((file) => {
      const text = textOf(file);
      const literal = [...registries.map((parts) => parts.join(dot)), ...places].filter((needle) =>
        text.includes(needle),
      );
      const pattern = homes.filter((home) => home.test(text)).map(String);
      return [...literal, ...pattern].map((needle) => `${file}: ${needle}`);
    });
    expect(found).toEqual([]);
  });

  it("have no line to themselves that is wider than prettier's 120 columns", () => {
    const wide = files
      .filter((file) => /\.(?:ts|tsx|mjs)$/.test(file))
      .flatMap((file) =>
        textOf(file)
          .split("\n")
          .map((line, index) => ({ place: `${file}:${index + 1}`, line })),
      )
      // In pieces, as above.
      .filter(({ line }) => line.includes(`// ${["prettier", "ignore"].join("-")}`) && line.length > 120 + 19);
    expect(wide.map(({ place }) => place)).toEqual([]);
  });

  it("include a lock file that leaves the registry to each machine", () => {
    const lock = JSON.parse(textOf("package-lock.json")) as {
      packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }>;
    };
    const entries = Object.entries(lock.packages).filter(([place]) => place.includes("node_modules/"));
    expect(entries.length).toBeGreaterThan(200);
    const addresses = entries.filter(([, entry]) => /^[a-z+]+:/.test(entry.resolved ?? ""));
    expect(addresses).toEqual([]);
    const unchecked = entries.filter(([, entry]) => entry.link !== true && entry.integrity === undefined);
    expect(unchecked).toEqual([]);
  });
});
