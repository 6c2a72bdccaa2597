/** What this machine has for the notebook and for local services. */
import { once } from "node:events";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { dirname } from "node:path";

import { engine } from "../../engine/engine.js";
import { DeploymentFolder, deploymentNames, deploymentsHome } from "../local/deployment-folder.js";
import { findProcess } from "../local/service-process.js";
import { check, reasonOf, right, type Check } from "./check.js";

const TOPIC = "machine";
const GIB = 2 ** 30;
/** Below it `require` does not load ECMAScript modules, which a dependency is. */
const NODE = [20, 19] as const;
const MEMORY = 4;
const DISK = 5;

export async function machineChecks(): Promise<Check[]> {
  return [node(), await engineCheck(), memory(), await disk(), ...(await ports())];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  const found = `${process.versions.node} on ${process.platform} ${process.arch}`;
  return enough
    ? right(TOPIC, "Node", found)
    : check(TOPIC, "Node", "wrong", found, `Install Node ${NODE.join(".")} or later`);
}

async function engineCheck(): Promise<Check> {
  try {
    const info = await engine.info();
    const found = String(info).split("\n")[0] ?? "";
    if (info.backend === "tensorflow") return right(TOPIC, "engine", found);
    return check(
      TOPIC,
      "engine",
      "warning",
      found,
      "npm run setup installs TensorFlow; WebAssembly is slower, and can't fine-tune whole networks",
    );
  } catch (error) {
    return check(TOPIC, "engine", "wrong", reasonOf(error), "npm run setup");
  } finally {
    await engine.close();
  }
}

function memory(): Check {
  const total = totalmem() / GIB;
  const found = `${total.toFixed(1)} GiB`;
  if (total >= MEMORY) return right(TOPIC, "memory", found);
  return check(
    TOPIC,
    "memory",
    "warning",
    found,
    `A replica of a ResNet takes about 1 GiB; ${MEMORY} GiB are comfortable`,
  );
}

async function disk(): Promise<Check> {
  const home = deploymentsHome();
  for (let folder = home; ; folder = dirname(folder)) {
    const stats = await statfs(folder).catch(() => undefined);
    if (!stats) {
      // Made when it is needed.
      if (folder !== dirname(folder)) continue;
      return check(
        TOPIC,
        "disk",
        "wrong",
        `${home} can't be looked at`,
        "Set VITRINE_DEPLOYMENTS to a folder of yours",
      );
    }
    const free = (stats.bavail * stats.bsize) / GIB;
    const found = `${free.toFixed(1)} GiB free for ${home}`;
    if (free >= DISK) return right(TOPIC, "disk", found);
    const state = free < 1 ? "wrong" : "warning";
    return check(
      TOPIC,
      "disk",
      state,
      found,
      "Make room: an image takes about 2 GiB, a model's version up to 0.2; or move VITRINE_DEPLOYMENTS",
    );
  }
}

/** Of stopped services: each comes back at its own. */
async function ports(): Promise<Check[]> {
  const free = await canListen(0);
  const loopback =
    free === undefined
      ? right(TOPIC, "ports", "services can listen on 127.0.0.1")
      : check(
          TOPIC,
          "ports",
          "wrong",
          `nothing can listen on 127.0.0.1: ${free}`,
          "Look at the machine's firewall and sandbox",
        );
  const taken: Check[] = [];
  for (const name of await deploymentNames()) {
    const folder = new DeploymentFolder(name);
    const settings = (await folder.readDeployment().catch(() => undefined))?.settings;
    if (!settings || settings.port === 0 || (await findProcess(folder))) continue;
    const reason = await canListen(settings.port);
    if (reason !== undefined)
      taken.push(
        check(
          TOPIC,
          `port ${settings.port}`,
          "warning",
          `the stopped service ${name} comes back there, and it is taken: ${reason}`,
          "End what has it, or deploy again with another port",
        ),
      );
  }
  return [loopback, ...taken];
}

/** undefined where it can. */
async function canListen(port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}
