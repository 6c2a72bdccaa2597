/** Docker or podman on this machine, as far as an image is built and sent with it. */
import { spawn } from "node:child_process";

export const CONTAINER_ENGINES = ["docker", "podman"] as const;
export type ContainerEngineName = (typeof CONTAINER_ENGINES)[number];

export interface CommandResult {
  /** Exit status; undefined where the program could not be started. */
  code: number | undefined;
  output: string;
}

/** One that can build now, or why none can. */
export type ContainerEngine =
  { name: ContainerEngineName; version: string } | { name: undefined; reason: string; waysOut: string[] };

const OUTPUT_LIMIT = 100_000;

/** Runs a program to its end, its lines told as they come. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { onLine?: (line: string) => void; signal?: AbortSignal | undefined; timeout?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const { onLine, signal, timeout } = options;
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], signal });
    // Node's own would hold this process for its whole time where there is no such program.
    const late = timeout === undefined ? undefined : setTimeout(() => child.kill(), timeout);
    let output = "";
    let rest = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-OUTPUT_LIMIT);
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine?.(line.trimEnd());
      });
    }
    const end = (result: CommandResult) => {
      clearTimeout(late);
      resolve(result);
    };
    child.once("error", (error) => end({ code: undefined, output: error.message }));
    child.once("close", (code) => end({ code: code ?? 1, output }));
  });
}

/** Asks each for its server's version: a client alone builds nothing. */
export async function findContainerEngine(
  wanted: readonly ContainerEngineName[] = CONTAINER_ENGINES,
): Promise<ContainerEngine> {
  const found: string[] = [];
  for (const name of wanted) {
    const format = name === "docker" ? "{{.Server.Version}}" : "{{.Client.Version}}";
    const { code, output } = await runProgram(name, ["version", "--format", format], { timeout: 15_000 });
    if (code === 0) return { name, version: output.trim().split("\n").at(-1) ?? "" };
    if (code !== undefined) found.push(`${name} is here, but not ready: ${lastLine(output).replace(/[.?!]+$/, "")}`);
  }
  if (found.length === 0) {
    const waysOut = ["Install Docker or podman", "Build where one is: the context is a folder like any other"];
    return { name: undefined, reason: `neither ${wanted.join(" nor ")} is on this machine's PATH`, waysOut };
  }
  const waysOut = [
    "Start its service: sudo systemctl start docker",
    "Be in the group docker, or use podman, which needs no service",
  ];
  return { name: undefined, reason: found.join("; "), waysOut };
}

export const lastLine = (output: string): string =>
  output
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .at(-1)
    ?.trim() ?? "it said nothing";
