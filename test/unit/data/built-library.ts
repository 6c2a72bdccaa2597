/** The built library, for tests in a process of their own, where nothing translates TypeScript. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

type Child = ChildProcessByStdio<null, Readable, null>;

export function distFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, "src", "kernel-lib", "package.json");
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name: string };
    const dist = join(folder, "src", "kernel-lib", "dist");
    if (name === "vitrine" && existsSync(join(dist, "data"))) return dist;
    throw new Error(`The library is not built: there is no ${dist}. Run npm run build first`);
  }
}

/** A Node process with the built library's data modules as `lib`; `script` is the body of an async function. */
export function spawnWithLibrary(script: string, env: Record<string, string> = {}): Child {
  const modules = ["data/classification-dataset", "data/decode", "structures/context"]
    .map((name) => `...require(${JSON.stringify(join(distFolder(), `${name}.js`))})`)
    .join(", ");
  const body = `const lib = { ${modules} }; (async () => { ${script} })().catch((e) => { console.error(e); process.exit(1); });`;
  return spawn(process.execPath, ["-e", body], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** What it printed, once it has ended well. */
export async function outputOf(child: Child): Promise<string> {
  let output = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`The process ended with ${String(code)}: ${output}`);
  return output;
}
