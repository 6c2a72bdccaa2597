import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { chooseTensorFlow } from "../../../scripts/steps/engine/choose.mjs";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-choose-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** An environment in which `nvidia-smi` says `answer` and ends with `status`. */
function withCard(answer: string, status = 0): NodeJS.ProcessEnv {
  const path = join(folder, "nvidia-smi");
  writeFileSync(path, `#!/bin/sh\nprintf '%s' '${answer}'\nexit ${status}\n`);
  chmodSync(path, 0o755);
  return { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
}

const without: NodeJS.ProcessEnv = { PATH: "/nowhere" };
const platform = "linux-x64";

describe("which TensorFlow a machine gets", () => {
  it("takes the graphics card's where the driver is new enough", () => {
    const env = withCard("555.42.02, NVIDIA L4\n");
    expect(chooseTensorFlow({ env, platform })).toEqual({ variant: "gpu", reason: "NVIDIA L4, driver 555.42.02" });
  });

  it("takes it with exactly the oldest driver that fits", () => {
    const env = withCard("525.60.13, Tesla T4\n");
    expect(chooseTensorFlow({ env, platform }).variant).toBe("gpu");
  });

  it("takes the CPU's where the driver is too old, and says which one it needs", () => {
    const choice = chooseTensorFlow({ env: withCard("470.256.02, Tesla K80\n"), platform });
    expect(choice.variant).toBe("cpu");
    expect(choice.reason).toContain("its driver 470.256.02 is older than 525.60.13");
  });

  it.each([
    ["nvidia-smi fails", () => withCard("NVIDIA-SMI has failed", 9)],
    ["it shows no card", () => withCard("No devices were found\n")],
    ["there is no nvidia-smi", () => without],
  ])("takes the CPU's where %s", (_, env) => {
    expect(chooseTensorFlow({ env: env(), platform }).variant).toBe("cpu");
  });

  it.each(["cpu", "gpu", "none"] as const)("obeys VITRINE_TENSORFLOW=%s before any card", (variant) => {
    const env = { ...withCard("555.42.02, NVIDIA L4\n"), VITRINE_TENSORFLOW: variant };
    expect(chooseTensorFlow({ env, platform })).toEqual({ variant, reason: `VITRINE_TENSORFLOW=${variant}` });
  });

  it("refuses a word that it doesn't know", () => {
    const env = { ...without, VITRINE_TENSORFLOW: "tpu" };
    const message = 'Expected one of "cpu", "gpu", "none" for VITRINE_TENSORFLOW but received "tpu"';
    expect(() => chooseTensorFlow({ env, platform })).toThrow(message);
  });

  it("knows no wheel for other systems, and names those it knows", () => {
    const choice = chooseTensorFlow({ env: without, platform: "darwin-arm64" });
    expect(choice.variant).toBe("none");
    expect(choice.reason).toContain("linux-x64 and linux-arm64 only, not for darwin-arm64");
  });

  it("takes the CPU's on arm64, card or not", () => {
    const env = withCard("555.42.02, NVIDIA GH200\n");
    expect(chooseTensorFlow({ env, platform: "linux-arm64" }).variant).toBe("cpu");
  });
});
