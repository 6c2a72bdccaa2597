/** A service as an image: what `buildDockerImage` gives. */
import { resolve } from "node:path";

import { quote, VitrineError } from "../../structures/errors.js";
import { choiceOption, knownOptions, textOption } from "../../structures/options.js";
import { CONTAINER_PORT } from "../container/image-document.js";
import { newKey, recordOf, type Keys } from "../keys/service-keys.js";
import { writeContext, type ContextContent } from "./build-context.js";
import {
  CONTAINER_ENGINES,
  findContainerEngine,
  lastLine,
  runProgram,
  type ContainerEngine,
  type ContainerEngineName,
} from "./container-engine.js";
import { BASE_IMAGE, isPinned } from "./dockerfile.js";
import { imageFailure } from "./image-failure.js";

export interface DockerImageOptions {
  /** Name and tag, with the registry if it is to be pushed; `vitrine/NAME:vVERSION` by default. */
  tag?: string;
  /** name:tag@sha256:…; by default what Node's own image is on this day, pulled and pinned by its digest. */
  baseImage?: string;
  /** Folder that is written and kept; `NAME-image` by default. */
  context?: string | undefined;
  /** "docker" or "podman"; by default the first that answers. */
  engine?: ContainerEngineName;
  /** Send it to its registry; false by default. */
  push?: boolean;
  /** Gets a line for each step; they are printed by default, null keeps silent. */
  progress?: ((line: string) => void) | null | undefined;
  signal?: AbortSignal | undefined;
}

const NAMES = ["tag", "baseImage", "context", "engine", "push", "progress", "signal"];

/** A service as an image, as `buildDockerImage` gives it. */
export class DockerImage {
  readonly tag: string;
  /** The folder it is built from. */
  readonly context: string;
  /** Which engine has built it; undefined where none could. */
  readonly builtBy: ContainerEngineName | undefined;
  /** Why it is not built; "" where it is. */
  readonly missing: string;
  /** What is left to do, to be run in a shell. */
  readonly commands: readonly string[];

  constructor(image: Pick<DockerImage, "tag" | "context" | "builtBy" | "missing" | "commands">) {
    ({
      tag: this.tag,
      context: this.context,
      builtBy: this.builtBy,
      missing: this.missing,
      commands: this.commands,
    } = image);
  }

  get built(): boolean {
    return this.builtBy !== undefined;
  }

  /** How it is run, with new keys: they are shown here alone, the container gets their hashes. */
  withNewKeys(port = CONTAINER_PORT): { keys: Keys; command: string } {
    const keys: Keys = { primary: newKey(), secondary: newKey() };
    const hashes = [
      ["PRIMARY", keys.primary],
      ["SECONDARY", keys.secondary],
    ].map(([name, key = ""]) => `-e VITRINE_${name}_KEY_SHA256=${recordOf(key).sha256}`);
    const command = `${this.builtBy ?? "docker"} run --rm --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:${port}:${CONTAINER_PORT} ${hashes.join(" ")} ${this.tag}`;
    return { keys, command };
  }

  toString(): string {
    if (this.built) return `${this.tag}, built by ${this.builtBy} from ${this.context}`;
    return `${this.tag} is not built: ${this.missing}\nIts context is kept in ${this.context}. Where an engine is:\n${this.commands.map((line) => `  ${line}`).join("\n")}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Writes the context, and builds it where an engine is; else says what is missing. @throws DeploymentFailed where the build fails */
export async function buildImage(
  content: Omit<ContextContent, "baseImage">,
  options: DockerImageOptions = {},
): Promise<DockerImage> {
  knownOptions("buildDockerImage", options, NAMES);
  const { name, model } = content;
  const version = "versions" in model ? model.number : (content.version ?? 1);
  const tag = checkTag(options.tag ?? `vitrine/${name}:v${version}`);
  const context = resolve(textOption("context", options.context ?? `${name}-image`));
  const wanted =
    options.engine === undefined ? CONTAINER_ENGINES : [choiceOption("engine", options.engine, CONTAINER_ENGINES)];
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = options.progress === null ? () => undefined : (options.progress ?? print);
  const { signal } = options;
  let baseImage = options.baseImage === undefined ? undefined : checkBase(options.baseImage);
  const engine = await findContainerEngine(wanted);
  if (engine.name !== undefined && baseImage === undefined)
    baseImage = await pinBase(engine.name, name, progress, signal);
  await writeContext(context, { ...content, baseImage });
  progress(`${name}: the build context is in ${context}`);
  const push = options.push ?? false;
  const image = unbuilt(engine, { tag, context, baseImage, push });
  if (engine.name === undefined) {
    progress(`${name}: not built, for no engine is ready here; the image's commands say what is left to do`);
    return image;
  }
  const steps = [["build", "--tag", tag, context], ...(push ? [["push", tag]] : [])];
  for (const args of steps) await engineStep(engine.name, args, { name, context, progress, signal });
  return new DockerImage({ tag, context, builtBy: engine.name, missing: "", commands: [] });
}

async function engineStep(
  engine: ContainerEngineName,
  args: readonly string[],
  {
    name,
    context,
    progress,
    signal,
  }: { name: string; context: string; progress: (line: string) => void; signal: AbortSignal | undefined },
): Promise<void> {
  progress(`${name}: ${engine} ${args.join(" ")}`);
  const { code, output } = await runProgram(engine, args, { onLine: progress, signal });
  if (signal?.aborted === true)
    throw new VitrineError("Stopped", { operation: "The build", kept: `the context is in ${context}` });
  if (code === 0) return;
  const last = output.trim().split("\n").slice(-8).join("\n");
  const reason = `${engine} ${args[0] ?? ""} ended with ${code ?? "nothing"}:\n${last}\nThe context is kept in ${context}`;
  const waysOut =
    args[0] === "push"
      ? [`${engine} login, for the registry of the tag`, "A tag of a registry that you may write to"]
      : ["Read what it said above", `Try by hand: ${engine} ${args.join(" ")}`];
  throw imageFailure(name, args[0] ?? "", reason, waysOut);
}

/** What the tag means on this day, for good. */
async function pinBase(
  engine: ContainerEngineName,
  name: string,
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  progress(`${name}: ${engine} pull ${BASE_IMAGE}`);
  const pulled = await runProgram(engine, ["pull", BASE_IMAGE], { signal });
  const asked =
    pulled.code === 0
      ? await runProgram(engine, ["image", "inspect", "--format", "{{index .RepoDigests 0}}", BASE_IMAGE])
      : pulled;
  const digest = /@(sha256:[0-9a-f]{64})/.exec(asked.output)?.[1];
  if (asked.code === 0 && digest !== undefined) return `${BASE_IMAGE}@${digest}`;
  const reason = `the base image ${BASE_IMAGE} could not be had: ${lastLine(asked.output)}`;
  const waysOut = ['baseImage: "…@sha256:…", an image with Node 20.19 or later on Debian that this machine can reach'];
  throw imageFailure(name, "build", reason, waysOut);
}

function unbuilt(
  engine: ContainerEngine,
  { tag, context, baseImage, push }: { tag: string; context: string; baseImage: string | undefined; push: boolean },
): DockerImage {
  const missing = engine.name === undefined ? `${engine.reason}. ${engine.waysOut.join("; or: ")}` : "";
  const pin = [
    `docker pull ${BASE_IMAGE}`,
    `BASE=$(docker image inspect --format '{{index .RepoDigests 0}}' ${BASE_IMAGE})`,
  ];
  const build = `docker build --tag ${tag} ${baseImage === undefined ? '--build-arg BASE_IMAGE="$BASE" ' : ""}${shell(context)}`;
  const commands = [...(baseImage === undefined ? pin : []), build, ...(push ? [`docker push ${tag}`] : [])];
  return new DockerImage({ tag, context, builtBy: undefined, missing, commands });
}

const shell = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

/** [HOST[:PORT]/]PATH:TAG, as engines take it: of the host alone any case. */
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const HOST =
  "(?:[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+(?::\\d+)?|[a-zA-Z0-9-]+:\\d+|\\[[0-9a-fA-F:]+\\](?::\\d+)?|localhost)";
const IMAGE = new RegExp(`^(?:${HOST}/)?${PART}(?:/${PART})*:\\w[\\w.-]{0,127}$`);

function checkTag(tag: string): string {
  if (typeof tag === "string" && IMAGE.test(tag) && !tag.endsWith(":latest")) return tag;
  const expected = 'a name in lower case with a tag other than latest, such as "registry.example/team/tableware:v1",';
  throw new VitrineError("InvalidOption", { option: "tag", expected, received: quote(tag) });
}

function checkBase(image: string): string {
  if (typeof image === "string" && isPinned(image)) return image;
  const expected = 'an image with its digest, "node:22-bookworm-slim@sha256:…",';
  throw new VitrineError("InvalidOption", { option: "baseImage", expected, received: quote(image) });
}
