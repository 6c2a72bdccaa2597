/** `docker` on the PATH: builds by keeping the context where the played node finds it, with this checkout's packages for `npm ci`'s. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { inRoot } from "../../../scripts/places.mjs";

export interface PlayedEngine {
  /** What it was called with, a line a call. */
  calls(): Promise<string>;
  /** Gives the PATH back. */
  close(): void;
}

/** @param home the node's */
export async function playedEngine(home: string): Promise<PlayedEngine> {
  const bin = join(home, "bin");
  const said = join(bin, "calls");
  await mkdir(bin, { recursive: true });
  await mkdir(join(home, "images"), { recursive: true });
  await writeFile(said, "");
  const digest = `sha256:${"cd".repeat(32)}`;
  const script = `#!/bin/sh
echo "$*" >> ${said}
case "$1" in
  version) echo 28.2.2;;
  image) echo "docker.io/library/node@${digest}";;
  build)
    folder="${join(home, "images")}/$(echo "$3" | tr '/:@' '___')"
    cp -R "$4" "$folder" && ln -s ${inRoot("node_modules")} "$folder/app/node_modules";;
esac
`;
  await writeFile(join(bin, "docker"), script);
  await chmod(join(bin, "docker"), 0o755);
  const before = process.env["PATH"] ?? "";
  process.env["PATH"] = `${bin}${delimiter}${before}`;
  return { calls: () => readFile(said, "utf8"), close: () => void (process.env["PATH"] = before) };
}
