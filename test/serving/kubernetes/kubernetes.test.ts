/** Services in a cluster: played here, real where `cluster.ts` is told of one. Pods are played in both. */
import { readdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { Deployment } from "../../../src/kernel-lib/serving/deployment.js";
import type { KubernetesOptions } from "../../../src/kernel-lib/serving/kubernetes/kubernetes-options.js";
import { manifests, secret } from "../../../src/kernel-lib/serving/kubernetes/manifests.js";
import { keysDocumentOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";
import { inRoot } from "../../../scripts/places.mjs";
import { standInService } from "../../unit/serving/stand-in-service.js";
import { testCluster, type TestCluster } from "./cluster.js";

const [bowl = ""] = readdirSync(inRoot("sample_data", "tableware", "bowl"));

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
});
afterAll(async () => {
  await cluster.close();
});

const model = { labels: ["bowl", "cup"], save: () => Promise.reject(new Error("nothing is saved: the image has it")) };
const place = (more: KubernetesOptions = {}) => ({ kubeconfig: cluster.kubeconfig, ...more });
const choice = (more: KubernetesOptions = {}) => ({ environment: "kubernetes" as const, ...place(more) });
const tableware = (kubernetes: KubernetesOptions = {}, replicas = 2) =>
  new Deployment({
    name: "tableware",
    model,
    environment: "kubernetes",
    replicas,
    resources: { cpuCores: 1.5, memoryGb: 2 },
    kubernetes: place({ image: "registry.example/tableware:v1", ...kubernetes }),
  });
const silent = { progress: null, timeout: 120_000 };
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const names = async (plural: string, root: string, namespace = "shop") => {
  const { items } = (await cluster.api("GET", `/${root}/namespaces/${namespace}/${plural}`)) as {
    items: { metadata: { name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("tableware"));
};
const everything = async (namespace = "shop") =>
  (
    await Promise.all([
      names("deployments", "apis/apps/v1", namespace),
      names("services", "api/v1", namespace),
      names("secrets", "api/v1", namespace),
      names("horizontalpodautoscalers", "apis/autoscaling/v2", namespace),
      names("poddisruptionbudgets", "apis/policy/v1", namespace),
      names("networkpolicies", "apis/networking.k8s.io/v1", namespace),
      names("inferenceservices", "apis/serving.kserve.io/v1beta1", namespace),
    ])
  ).flat();

describe("a service in a cluster", () => {
  afterEach(async () => {
    await Deployment.deleteIfExists("tableware", choice());
  });

  it("is made of its objects, waited for with what the cluster tells, and gone when it is deleted", async () => {
    const lines: string[] = [];
    const deployment = tableware();
    await deployment.deploy({ ...silent, progress: (line) => void lines.push(line) });
    const all = lines.join("\n");
    for (const kind of [
      "Secret tableware-keys",
      "Service",
      "NetworkPolicy",
      "PodDisruptionBudget",
      "Deployment",
      "HorizontalPodAutoscaler",
    ])
      expect(all).toContain(`${kind}${kind.includes(" ") ? "" : " tableware"} made in shop of admin`);
    expect(all).toMatch(/Pod tableware-\S+: Pulling: Pulling image "registry.example\/tableware:v1"/);
    expect(all).toMatch(/0 of 2 replicas ready[\s\S]*2 of 2 replicas ready/);
    expect(deployment.scoringUri).toBe("http://tableware.shop/score");
    const status = await deployment.status();
    expect(status).toMatchObject({
      environment: "kubernetes",
      state: "ready",
      wanted: 2,
      version: 1,
      labels: ["bowl", "cup"],
    });
    expect(status.pods?.map(({ ready }) => ready)).toEqual([true, true]);
    expect(String(status)).toMatch(/tableware: ready[\s\S]*pod +phase +ready[\s\S]*tableware-\S+ +Running +yes/);
    expect(await Deployment.exists("tableware", choice())).toBe(true);
    expect((await Deployment.list(choice())).map(({ name }) => name)).toEqual(["tableware"]);
    await deployment.delete();
    expect(await everything()).toEqual([]);
    expect(await deployment.exists()).toBe(false);
    await expect(deployment.status()).rejects.toMatchObject({ code: "UnknownDeployment" });
  });

  it("is found again, scaled, stopped and started", async () => {
    await tableware().deploy(silent);
    const found = await Deployment.open("tableware", choice());
    await found.scale(3, silent);
    expect(await found.status()).toMatchObject({ state: "ready", wanted: 3 });
    const autoscaler = (await cluster.api(
      "GET",
      "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/tableware",
    )) as { spec: object };
    expect(autoscaler.spec).toMatchObject({ minReplicas: 3, maxReplicas: 6 });
    await found.stop();
    expect(await found.status()).toMatchObject({ state: "stopped", wanted: 0 });
    await found.start(silent);
    expect(await found.status()).toMatchObject({ state: "ready", wanted: 3 });
  });

  it("is updated pod by pod and rolled back; what can't be served leaves the old one in place", async () => {
    const deployment = tableware();
    await deployment.deploy(silent);
    await deployment.update(
      { ...model, labels: ["bowl", "cup", "jug"] },
      { ...silent, image: "registry.example/tableware:v2" },
    );
    expect(await deployment.status()).toMatchObject({
      version: 2,
      previous: [1],
      model: "registry.example/tableware:v2",
      labels: ["bowl", "cup", "jug"],
    });
    const failure = await failureOf(deployment.update(model, { ...silent, image: "registry.example/crash:v3" }));
    expect(failure).toMatchObject({ code: "DeploymentFailed", details: { kind: "crash-loop" } });
    const after = await deployment.status();
    expect(after).toMatchObject({ version: 2, previous: [1], model: "registry.example/tableware:v2" });
    expect(after.pods?.filter(({ ready }) => ready).length).toBeGreaterThanOrEqual(2);
    await deployment.rollback(silent);
    expect(await deployment.status()).toMatchObject({
      version: 1,
      previous: [],
      model: "registry.example/tableware:v1",
    });
    await expect(deployment.rollback(silent)).rejects.toThrow(/there is no version before this one/);
  });

  it("has its keys as hashes; they are rotated and revoked without a restart", async () => {
    const deployment = tableware();
    await deployment.deploy(silent);
    const read = async () => {
      const { data } = (await cluster.api("GET", "/api/v1/namespaces/shop/secrets/tableware-keys")) as {
        data: Record<string, string>;
      };
      return Buffer.from(data["keys.json"] ?? "", "base64").toString();
    };
    const { primary, secondary } = await deployment.getKeys();
    const before = await read();
    expect(before).not.toContain(primary);
    expect(before).toContain(keysDocumentOf({ primary, secondary }).primary?.sha256);
    const rotated = await deployment.rotateKey("primary");
    expect(await read()).toContain(keysDocumentOf({ primary: rotated, secondary }).primary?.sha256);
    await deployment.revokeKey("secondary");
    expect(JSON.parse(await read())).toMatchObject({ secondary: null });
  });

  it("is not made twice, nor over somebody else's", async () => {
    await tableware().deploy(silent);
    expect(await failureOf(tableware().deploy(silent))).toMatchObject({
      code: "DeploymentFailed",
      details: { kind: "exists" },
    });
    expect(await Deployment.exists("tableware", choice())).toBe(true);
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "teapots" },
      spec: { ports: [{ port: 80 }] },
    };
    await cluster.api("POST", "/api/v1/namespaces/shop/services", service);
    const teapots = new Deployment({
      name: "teapots",
      model,
      environment: "kubernetes",
      kubernetes: place({ image: "a:v1" }),
    });
    const failure = await failureOf(teapots.deploy(silent));
    expect(failure).toMatchObject({ details: { kind: "exists" } });
    expect(String(failure)).toMatch(/services "teapots" already exists/);
    // Theirs is left; what was made before it is not.
    await cluster.api("GET", "/api/v1/namespaces/shop/services/teapots");
    await expect(cluster.api("GET", "/api/v1/namespaces/shop/secrets/teapots-keys")).rejects.toThrow(/404/);
    await cluster.api("DELETE", "/api/v1/namespaces/shop/services/teapots");
  });

  it("is built and pushed where a registry is named, for each version anew", async () => {
    const bin = await mkdtemp(join(tmpdir(), "vitrine-engine-"));
    const calls = join(bin, "calls");
    const digest = `sha256:${"cd".repeat(32)}`;
    await writeFile(
      join(bin, "docker"),
      `#!/bin/sh\necho "$*" >> ${calls}\ncase "$1" in image) echo "node@${digest}";; version) echo 28;; esac\n`,
    );
    await chmod(join(bin, "docker"), 0o755);
    const before = process.env["PATH"] ?? "";
    process.env["PATH"] = `${bin}:${before}`;
    try {
      const save = async (path: string) => {
        await mkdir(path, { recursive: true });
        await writeFile(join(path, "model.json"), "{}");
      };
      const deployment = new Deployment({
        name: "tableware",
        model: { labels: ["bowl"], save },
        environment: "kubernetes",
        kubernetes: place({ registry: "registry.example/team/" }),
      });
      await deployment.deploy(silent);
      const tags = [(await deployment.status()).model];
      await deployment.update({ labels: ["bowl"], save }, silent);
      tags.push((await deployment.status()).model);
      // From another machine: the cluster knows where its images come from.
      const found = await Deployment.open("tableware", choice());
      await found.update({ labels: ["bowl"], save }, silent);
      expect(await found.status()).toMatchObject({ version: 3, previous: [1, 2] });
      tags.push((await found.status()).model);
      // A name that was deployed before has other tags: nodes do not look twice.
      expect(tags).toEqual(
        [1, 2, 3].map(
          (version) =>
            expect.stringMatching(new RegExp(`^registry.example/team/tableware:v${version}-[0-9a-f]{8}$`)) as unknown,
        ),
      );
      const said = await readFile(calls, "utf8");
      for (const tag of tags) expect(said).toMatch(new RegExp(`build --tag ${tag} \\S+\\npush ${tag}\\n`));
    } finally {
      process.env["PATH"] = before;
      await rm(bin, { recursive: true, force: true });
    }
  });

  it("is an InferenceService where KServe is wanted", async () => {
    const deployment = tableware({ workload: "kserve" });
    await deployment.deploy(silent);
    expect(await everything()).toEqual(["tableware-keys", "tableware"]);
    expect(await deployment.status()).toMatchObject({ state: "ready", uri: "http://tableware.shop.example" });
    await deployment.update(model, { ...silent, image: "registry.example/tableware:v2" });
    await deployment.scale(3, silent);
    const object = (await cluster.api(
      "GET",
      "/apis/serving.kserve.io/v1beta1/namespaces/shop/inferenceservices/tableware",
    )) as { spec: { predictor: object } };
    expect(object.spec.predictor).toMatchObject({
      minReplicas: 3,
      maxReplicas: 6,
      containers: [{ name: "kserve-container", image: "registry.example/tableware:v2" }],
    });
    expect(await Deployment.deleteIfExists("tableware", choice({ workload: "kserve" }))).toBe(true);
    expect(await everything()).toEqual([]);
  });
});

describe("a deployment that can't be", () => {
  const failing = async (kubernetes: KubernetesOptions, timeout = 120_000) =>
    failureOf(tableware(kubernetes).deploy({ progress: null, timeout }));

  it("says that the image can't be pulled, and leaves nothing", async () => {
    const failure = await failing({ image: "registry.example/missing:v1" });
    expect(failure).toMatchObject({ code: "DeploymentFailed", details: { kind: "image-pull" } });
    expect(String(failure)).toMatch(
      /the image registry.example\/missing:v1 can't be pulled: Back-off[\s\S]*imagePullSecret/,
    );
    expect(await everything()).toEqual([]);
  });

  it("says that the container ends again and again, with the last lines of its log", async () => {
    const failure = await failing({ image: "registry.example/crash:v1" });
    expect(failure).toMatchObject({ details: { kind: "crash-loop" } });
    // A real API server asks a kubelet for the log, and the tests' is played.
    if (cluster.played)
      expect(String(failure)).toMatch(
        /ended with 1, again and again; it said: tableware-\S+ had nothing to serve; its log ends with:/,
      );
    else expect(String(failure)).toMatch(/ended with 1, again and again; its log could not be read/);
    expect(String(await failing({ image: "registry.example/crash-memory:v1" }))).toMatch(/OOMKilled[\s\S]*More memory/);
    expect(await everything()).toEqual([]);
  });

  it("says that a quota is exceeded", async () => {
    const failure = await failing({ namespace: "small" });
    expect(failure).toMatchObject({ details: { kind: "quota" } });
    expect(String(failure)).toMatch(/the namespace's quota does not allow it: exceeded quota: none/);
    expect(await everything("small")).toEqual([]);
  });

  it("says that no node has room, once its time is over", async () => {
    // Time enough for the cluster to say so.
    const failure = await failing({ image: "registry.example/huge:v1" }, 5000);
    expect(failure).toMatchObject({ details: { kind: "unschedulable" } });
    expect(String(failure)).toMatch(/3 Insufficient memory/);
  });

  it("says who may not do what, where", async () => {
    const failure = await failing({ context: "guest" });
    expect(failure).toMatchObject({ details: { kind: "forbidden" } });
    expect(String(failure)).toMatch(
      /guest may not get deployments.apps in the namespace shop[\s\S]*kubectl auth can-i get deployments.apps --namespace shop/,
    );
  });

  it("says that nobody knows who asks, that nothing answers, and that there is no such cluster", async () => {
    expect(await failing({ context: "stranger" })).toMatchObject({ details: { kind: "unauthorized" } });
    const gone = await failing({ context: "gone" });
    expect(gone).toMatchObject({ details: { kind: "unreachable" } });
    expect(String(gone)).toMatch(/the cluster at http:\/\/127.0.0.1:9 can't be reached: .*ECONNREFUSED/);
    expect(String(await failing({ context: "moon" }))).toMatch(/no context "moon", but admin, guest, stranger, gone/);
    expect(String(await failing({ cluster: "moon" }))).toMatch(/no context of the kubeconfig is of the cluster "moon"/);
    expect(await failing({ cluster: "nowhere" })).toMatchObject({ details: { kind: "unreachable" } });
    expect(await failing({ namespace: "moon" })).toMatchObject({ details: { kind: "rejected" } });
    const broken = join(cluster.kubeconfig, "..", "broken");
    await writeFile(broken, "clusters: [");
    expect(await failing({ kubeconfig: broken })).toMatchObject({ details: { kind: "no-cluster" } });
  });

  it("needs an image or a registry, and says which options a cluster has no use for", async () => {
    const bare = new Deployment({ name: "tableware", model, environment: "kubernetes", kubernetes: place() });
    await expect(bare.deploy(silent)).rejects.toThrow(/neither one nor a registry to push it to/);
    await tableware().deploy(silent);
    const found = await Deployment.open("tableware", choice());
    await expect(found.update(model, silent)).rejects.toThrow(
      /neither one nor a registry to push it to[\s\S]*update\(model, \{ image \}\)/,
    );
    await found.delete();
    const wrong = (options: object) => () =>
      new Deployment({ name: "tableware", model, environment: "kubernetes", ...options });
    expect(wrong({ port: 80 })).toThrow(/Expected nothing with environment "kubernetes": the Service has the port/);
    expect(wrong({ keys: "none" })).toThrow(/a pod listens to the whole cluster/);
    expect(wrong({ name: "1st" })).toThrow(/a name that begins with a letter/);
    expect(wrong({ kubernetes: { contxt: "a" } })).toThrow(/Expected one of kubeconfig, context/);
    expect(() => new Deployment({ name: "tableware", model, resources: { cpuCores: 1, memoryGb: 1 } })).toThrow(
      /nothing unless environment is "kubernetes"/,
    );
  });
});

describe("the way to a service in a cluster", () => {
  it("leads through the API to a pod, for whoever may read the namespace's secrets", async (context) => {
    // A real API server forwards to a kubelet, and the tests' is played.
    if (!cluster.played) context.skip();
    const behind = await standInService();
    await behind.app.listen({ host: "127.0.0.1", port: 0 });
    const address = behind.app.server.address();
    if (cluster.played && typeof address === "object" && address) cluster.played.forwardTo = address.port;
    const deployment = tableware();
    await deployment.deploy(silent);
    try {
      // The stand-in has keys of its own, and says so: the way and the header are what is asked here.
      const failure = await failureOf(deployment.scoreImage(inRoot("sample_data", "tableware", "bowl", bowl)));
      expect(failure).toMatchObject({ code: "ScoringFailed", details: { status: 401 } });
      const { uri, key } = await deployment.address();
      expect(key).toMatch(/^vk-/);
      const answer = await fetch(`${uri}/score`, {
        method: "POST",
        headers: { authorization: "Bearer vk-first", "content-type": "image/png" },
        body: Buffer.from("picture"),
      });
      expect(await answer.json()).toEqual([expect.stringMatching(/^\[/)]);
      expect((await deployment.logs({ lines: 3 })).join("\n")).toMatch(/service started/);
    } finally {
      await deployment.delete();
      await behind.app.close();
    }
  });
});

describe("the manifests", () => {
  it("let a service run as nobody, on a read-only disk, with its port alone and no way out", () => {
    const { checked } = tableware({ allowFrom: ["monitoring"] }) as unknown as {
      checked: { settings: never; kubernetes: never };
    };
    const objects = Object.fromEntries(
      manifests({
        name: "tableware",
        image: "a:v1",
        version: 1,
        labels: [],
        settings: checked.settings,
        options: checked.kubernetes,
        deadline: 600,
      }),
    );
    const { template, strategy } = (
      objects["Deployment"] as unknown as { spec: { strategy: object; template: { spec: object } } }
    ).spec;
    expect(strategy).toMatchObject({ rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    const amount = { cpu: "1500m", memory: "2048Mi" };
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001 },
      containers: [
        {
          resources: { requests: amount, limits: amount },
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          readinessProbe: { httpGet: { path: "/v2/health/ready", port: 8080 } },
          livenessProbe: { httpGet: { path: "/v2/health/live" } },
        },
      ],
    });
    expect(objects["NetworkPolicy"]).toMatchObject({
      spec: {
        egress: [],
        ingress: [
          {
            ports: [{ port: 8080 }],
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
            ],
          },
        ],
      },
    });
    expect(JSON.stringify(secret("a", keysDocumentOf({ primary: "vk-1", secondary: "vk-2" }), "vk-owner"))).not.toMatch(
      /vk-/,
    );
  });
});
