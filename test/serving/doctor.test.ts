/** `vitrine doctor` as a command, with an engine, a registry and a cluster that are played. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inRoot } from "../../scripts/places.mjs";
import { clusterChecks } from "../../src/kernel-lib/serving/doctor/cluster-checks.js";
import { engineChecks, registryChecks } from "../../src/kernel-lib/serving/doctor/image-checks.js";
import { checkPlace } from "../../src/kernel-lib/serving/kubernetes/kubernetes-options.js";
import { testCluster, type TestCluster } from "./kubernetes/cluster.js";

let home: string;
let cluster: TestCluster;
let registry: Server;
let host: string;
const before = { PATH: process.env["PATH"], DOCKER_CONFIG: process.env["DOCKER_CONFIG"] };
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "vitrine-doctor-"));
  cluster = await testCluster();
  registry = createServer((_request, response) => response.writeHead(401).end());
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  await mkdir(join(home, "bin"));
  await writeFile(join(home, "bin", "docker"), "#!/bin/sh\necho 28.2.2\n");
  await chmod(join(home, "bin", "docker"), 0o755);
  await writeFile(join(home, "config.json"), JSON.stringify({ auths: { [host]: {} } }));
});
afterAll(async () => {
  Object.assign(process.env, before);
  if (before.DOCKER_CONFIG === undefined) delete process.env["DOCKER_CONFIG"];
  registry.close();
  await cluster.close();
  await rm(home, { recursive: true, force: true });
});

interface Report {
  fit: boolean;
  checks: { topic: string; name: string; state: string; found: string; next: string }[];
}

function doctor(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const command = inRoot("src", "kernel-lib", "bin", "vitrine.js");
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, "doctor", ...args],
      { env, timeout: 120_000 },
      (_error, output) => {
        resolve({ code: child.exitCode ?? -1, output });
      },
    );
  });
}

describe("the doctor", () => {
  const env = () => ({
    PATH: `${join(home, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    DOCKER_CONFIG: home,
    VITRINE_DEPLOYMENTS: join(home, "services"),
  });

  it("says of each thing that it is right, and ends with 0", async () => {
    const { code, output } = await doctor(
      [
        "--json",
        "--registry",
        `${host}/team`,
        "--kubeconfig",
        cluster.kubeconfig,
        "--require",
        "docker",
        "--require",
        "kubernetes",
      ],
      env(),
    );
    const { fit, checks } = JSON.parse(output) as Report;
    const found = Object.fromEntries(checks.map(({ name, ...rest }) => [name, rest]));
    expect(code).toBe(0);
    expect(fit).toBe(true);
    expect(found["Node"]).toMatchObject({
      state: "right",
      found: expect.stringContaining(process.versions.node) as unknown,
    });
    // Where TensorFlow could not be had, WebAssembly computes, and it is said.
    expect(["right", "warning"]).toContain(
      checks.find(({ topic, name }) => topic === "machine" && name === "engine")?.state,
    );
    expect(found["disk"]?.found).toMatch(/GiB free/);
    expect(checks.find(({ topic, name }) => topic === "images" && name === "engine")).toMatchObject({
      state: "right",
      found: "docker 28.2.2",
    });
    expect(found[host]).toMatchObject({ state: "right", found: "answers, and asks for a login" });
    expect(found["login"]).toMatchObject({ state: "right" });
    expect(found["kubeconfig"]?.found).toMatch(/context admin, namespace shop/);
    expect(found["API server"]?.found).toMatch(/^v1\./);
    expect(found["permissions"]?.found).toMatch(/all that a deployment and a batch need in shop/);
    expect(found["KServe"]?.found).toBe("installed");
  });

  it("prints what is wrong with the next step, and ends with 3", async () => {
    const { code, output } = await doctor(
      ["--kubeconfig", cluster.kubeconfig, "--context", "gone", "--require", "kubernetes"],
      { ...env(), PATH: dirname(process.execPath) },
    );
    expect(code).toBe(3);
    expect(output).toMatch(/✓ machine +Node/);
    expect(output).toMatch(
      /✗ cluster +API server +the cluster at http:\/\/127\.0\.0\.1:9 can't be reached.*\n +→ Is the cluster running/,
    );
    expect(output).toMatch(/1 thing is wrong\.\n$/);
  });

  it("takes a cluster that was named for one that must be there", async () => {
    const { code, output } = await doctor(["--kubeconfig", join(home, "no-kubeconfig")], env());
    expect(code).toBe(3);
    expect(output).toMatch(/✗ cluster +kubeconfig +the kubeconfig can't be read: .*no-kubeconfig/);
  });
});

describe("the look at a cluster", () => {
  const look = async (context: string, required = true) =>
    clusterChecks(checkPlace({ kubeconfig: cluster.kubeconfig, context }), required);

  it("names each verb that is not allowed", async () => {
    const checks = await look("guest").catch((error: unknown) => [
      { name: "", state: "", found: String(error), next: "" },
    ]);
    const permissions = checks.find(({ name }) => name === "permissions");
    expect(permissions?.state).toBe("wrong");
    expect(permissions?.found).toMatch(
      /not allowed in shop: .*create deployments.apps.*get secrets.*create networkpolicies.networking.k8s.io/,
    );
    expect(permissions?.next).toMatch(/kubectl auth can-i --list --namespace shop/);
  });

  it("knows a stranger and a missing kubeconfig", async () => {
    expect((await look("stranger")).at(-1)).toMatchObject({
      name: "API server",
      state: "wrong",
      found: expect.stringMatching(/does not know who asks/) as unknown,
    });
    expect(await look("moon", false)).toMatchObject([{ name: "kubeconfig", state: "absent" }]);
  });
});

describe("the look at images and registries", () => {
  it("tells an engine's client from its service, and a registry that is none", async () => {
    process.env["PATH"] = join(home, "nothing");
    expect(await engineChecks(true)).toMatchObject([
      { state: "wrong", found: expect.stringMatching(/neither docker nor podman/) as unknown },
    ]);
    process.env["DOCKER_CONFIG"] = join(home, "nothing");
    expect(await registryChecks(host)).toMatchObject([
      { state: "right" },
      { state: "warning", next: expect.stringContaining(`docker login ${host}`) as unknown },
    ]);
    expect((await registryChecks("127.0.0.1:9/team"))[0]).toMatchObject({
      state: "wrong",
      found: expect.stringMatching(/can't be reached/) as unknown,
    });
  });
});
