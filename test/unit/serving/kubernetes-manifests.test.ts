/** What is made in a cluster, held against Kubernetes' published schemas (of v1.33.0, strict, as kubernetes-validate 1.34.0 carries them). */
import { readFileSync } from "node:fs";

import { Ajv, type ValidateFunction } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { checkBatch } from "../../../src/kernel-lib/serving/batch/batch-options.js";
import { jobManifest } from "../../../src/kernel-lib/serving/batch/kubernetes-job.js";
import { checkDeploymentOptions } from "../../../src/kernel-lib/serving/deployment-options.js";
import type { KubernetesOptions } from "../../../src/kernel-lib/serving/kubernetes/kubernetes-options.js";
import { manifests, podSpec, secret } from "../../../src/kernel-lib/serving/kubernetes/manifests.js";
import type { V1Service } from "../../../src/kernel-lib/serving/kubernetes/wire-objects.js";
import { keysDocumentOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";

const schemas = JSON.parse(readFileSync(inRoot("test", "fixtures", "kubernetes", "schemas.json"), "utf8")) as {
  kinds: Record<string, string>;
  definitions: object;
};
const validators = new Map<string, ValidateFunction>();
beforeAll(() => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({ $id: "kubernetes", definitions: schemas.definitions });
  for (const name of [...Object.values(schemas.kinds), "io.k8s.api.core.v1.PodSpec"]) {
    validators.set(name, ajv.compile({ $ref: `kubernetes#/definitions/${name}` }));
  }
});

function errorsOf(name: string, object: unknown): string[] {
  const validate = validators.get(name);
  if (!validate) throw new Error(`no schema for ${name}`);
  // As it goes over the wire.
  validate(JSON.parse(JSON.stringify(object)));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
  );
}

const model = { labels: ["bowl"], save: () => Promise.resolve() };
const service = (kubernetes: KubernetesOptions) => {
  const checked = checkDeploymentOptions({
    name: "tableware",
    model,
    environment: "kubernetes",
    replicas: 3,
    kubernetes,
  });
  if (!checked.kubernetes) throw new Error("no cluster");
  return {
    name: "tableware",
    image: "registry.example/tableware:v1",
    version: 1,
    labels: ["bowl"],
    settings: checked.settings,
    options: checked.kubernetes,
    deadline: 600,
  };
};

const CHOICES: readonly KubernetesOptions[] = [
  {},
  { serviceType: "LoadBalancer", imagePullSecret: "login", maxReplicas: 9, targetCpuPercent: 50 },
  { serviceType: "NodePort", allowFrom: ["monitoring", "shop"] },
  { allowFrom: ["*"] },
];

describe("manifests", () => {
  it.each(CHOICES)("are what Kubernetes takes, to the field: %j", (kubernetes) => {
    const objects = manifests(service(kubernetes));
    expect(objects).toHaveLength(5);
    for (const [kind, object] of objects) {
      expect(object.kind).toBe(kind);
      expect(errorsOf(schemas.kinds[kind] ?? "", object), kind).toEqual([]);
    }
    // KServe's predictor is a pod's specification with fields of its own.
    expect(errorsOf("io.k8s.api.core.v1.PodSpec", podSpec(service(kubernetes), "kserve-container"))).toEqual([]);
  });

  it("of keys and of a batch are, too", () => {
    const keys = secret("tableware", keysDocumentOf({ primary: "a", secondary: "b" }), "c");
    expect(errorsOf(schemas.kinds["Secret"] ?? "", keys)).toEqual([]);
    const batch = checkBatch({
      input: "in",
      output: "out",
      environment: "kubernetes",
      shards: 4,
      kubernetes: { image: "a:v1", claim: "archive", imagePullSecret: "login" },
    });
    expect(errorsOf(schemas.kinds["Job"] ?? "", jobManifest(batch))).toEqual([]);
  });

  it("of a batch make no pods of a service that has its name", () => {
    const kubernetes = { image: "a:v1", claim: "archive" };
    const batch = checkBatch({ name: "tableware", input: "in", output: "out", environment: "kubernetes", kubernetes });
    const labels = jobManifest(batch).spec?.template.metadata?.labels ?? {};
    const made = manifests(service({})).find(([kind]) => kind === "Service")?.[1] as V1Service | undefined;
    const selector = Object.entries(made?.spec?.selector ?? {});
    expect(selector.length).toBeGreaterThan(0);
    expect(selector.every(([label, value]) => labels[label] === value)).toBe(false);
  });

  it("would be found at fault: the schemas are strict", () => {
    const [[, object] = ["", {}]] = manifests(service({}));
    expect(
      errorsOf(schemas.kinds["Service"] ?? "", { ...object, spec: { ports: [{ port: "80" }], portz: 1 } }),
    ).toHaveLength(2);
  });
});
