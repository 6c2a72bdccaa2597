/** Whether images can be built here, and sent to a registry. */
import { readFile } from "node:fs/promises";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";

import { findContainerEngine } from "../docker/container-engine.js";
import { check, reasonOf, right, type Check } from "./check.js";

const TIMEOUT = 10_000;

export async function engineChecks(required: boolean): Promise<Check[]> {
  const engine = await findContainerEngine();
  if (engine.name !== undefined) return [right("images", "engine", `${engine.name} ${engine.version}`)];
  return [
    check(
      "images",
      "engine",
      required ? "wrong" : "absent",
      engine.reason,
      `For images: ${engine.waysOut.join("; or: ")}. buildDockerImage() writes the context without it`,
    ),
  ];
}

/** @param registry as a tag begins: "registry.example/team", "127.0.0.1:5000" */
export async function registryChecks(registry: string): Promise<Check[]> {
  const host = registry.split("/")[0] ?? registry;
  const [reached, login] = [await askRegistry(host), await loginFor(host)];
  return [reached, login];
}

/** Docker's own rule: on this machine without TLS, elsewhere with it. */
async function askRegistry(host: string): Promise<Check> {
  const local = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
  try {
    const status = await statusOf(`${local ? "http" : "https"}://${host}/v2/`, local);
    if (status === 200) return right("registry", host, "answers, and asks for no login");
    if (status === 401) return right("registry", host, "answers, and asks for a login");
    return check("registry", host, "wrong", `answered ${status} at /v2/`, "Is it a registry of images?");
  } catch (error) {
    return check(
      "registry",
      host,
      "wrong",
      `can't be reached: ${reasonOf(error)}`,
      "Is its name right, and the network or VPN up?",
    );
  }
}

function statusOf(url: string, local: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = (local ? plain : secure)(url, { timeout: TIMEOUT }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    sent.once("error", (error: NodeJS.ErrnoException) => reject(error.message === "" ? new Error(error.code) : error));
    sent.end();
  });
}

interface DockerConfig {
  auths?: Record<string, unknown>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** As docker and podman write it down; what is in it is not looked at. */
async function loginFor(host: string): Promise<Check> {
  const runtime = process.env["XDG_RUNTIME_DIR"];
  const docker = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  const podman = [
    ...(runtime === undefined ? [] : [join(runtime, "containers", "auth.json")]),
    join(homedir(), ".config", "containers", "auth.json"),
  ];
  for (const path of [docker, ...podman]) {
    const config = await readConfig(path);
    if (config && (Object.hasOwn(config.auths ?? {}, host) || Object.hasOwn(config.credHelpers ?? {}, host)))
      return right("registry", "login", `one for ${host} in ${path}`);
  }
  return check("registry", "login", "warning", `none for ${host}`, `docker login ${host}, where it asks for one`);
}

async function readConfig(path: string): Promise<DockerConfig | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as DockerConfig;
  } catch {
    return undefined;
  }
}
