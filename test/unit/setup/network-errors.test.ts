import { describe, expect, it } from "vitest";

import { clientSentence, findNetworkFailure, networkSentence, packageInUrl } from "../../../scripts/network-errors.mjs";

// What the clients really print, with the server's name replaced by one that can't exist.
const OUTPUTS = {
  npmRefused: `npm http fetch GET http://registry.invalid/zod attempt 1 failed with ECONNREFUSED
npm http fetch GET http://registry.invalid/yargs attempt 2 failed with ECONNREFUSED
npm error code ECONNREFUSED
npm error syscall connect
npm error FetchError: request to http://registry.invalid/zod failed, reason: connect ECONNREFUSED 127.0.0.1:9`,
  npmName: `npm error code ENOTFOUND
npm error network request to http://registry.invalid/@types%2fnode failed, reason: getaddrinfo ENOTFOUND registry.invalid
npm error network This is a problem related to network connectivity.`,
  uvRefused: `Using Python 3.11.7 environment at: .venv
error: Request failed after 3 retries in 4.3s
  cause: Failed to fetch: http://registry.invalid/simple/jupyterlab-server/
  cause: error sending request for url (http://registry.invalid/simple/jupyterlab-server/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)`,
  uvName: `error: Request failed after 3 retries in 4.7s
  cause: Failed to fetch: http://registry.invalid/simple/argon2-cffi-bindings/
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Name or service not known`,
  pipRefused: `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f928bf3ba10>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/six/
ERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: none)`,
};

describe("what a client prints when the network fails", () => {
  it.each([
    ["npmRefused", "zod", "refused"],
    ["npmName", "@types/node", "name was not found"],
    ["uvRefused", "jupyterlab-server", "refused"],
    ["uvName", "argon2-cffi-bindings", "name was not found"],
    ["pipRefused", "six", "refused"],
  ] as const)("%s names %s", (output, name, cause) => {
    const failure = findNetworkFailure(OUTPUTS[output]);
    expect(failure?.package).toBe(name);
    expect(failure?.cause).toContain(cause);
  });

  it("becomes sentences with the package, the cause, the settings and what to do", () => {
    const sentence = networkSentence("uv", OUTPUTS.uvRefused);
    expect(sentence).toContain("`jupyterlab-server`");
    expect(sentence).toContain("UV_DEFAULT_INDEX");
    expect(sentence).toContain("run the same command again");
  });

  it("is not seen in failures of another kind", () => {
    const output = `npm error code EUSAGE\nnpm error \`npm ci\` can only install packages when your package.json and package-lock.json are in sync.`;
    expect(networkSentence("npm", output)).toBeUndefined();
    expect(clientSentence("npm", output)).toContain("in sync");
  });
});

it.each([
  ["https://registry.invalid/zod", "zod"],
  ["https://registry.invalid/@scope%2fname", "@scope/name"],
  ["https://registry.invalid/@scope/name/-/name-1.2.3.tgz", "@scope/name"],
  ["https://registry.invalid/core-js/-/core-js-3.29.1.tgz", "core-js"],
  ["https://registry.invalid/simple/jupyterlab-server/", "jupyterlab-server"],
  [
    "https://files.invalid/packages/ab/cd/argon2_cffi_bindings-26.2.0-cp39-abi3-manylinux.whl.metadata",
    "argon2-cffi-bindings",
  ],
  ["https://files.invalid/packages/ab/cd/pyzmq-27.2.0.tar.gz#sha256=00", "pyzmq"],
])("finds the package in %s", (url, name) => {
  expect(packageInUrl(url)).toBe(name);
});

it("says where to look when an index has nothing at all of a package, as a proxy's page or silence looks to pip", () => {
  const output =
    "ERROR: Could not find a version that satisfies the requirement absl-py==2.5.1 (from versions: none)\nERROR: No matching distribution found for absl-py==2.5.1\n";
  expect(findNetworkFailure(output)).toBeUndefined();
  expect(clientSentence("pip", output)).toMatch(
    /^pip found no version of `absl-py`: the index has none for this machine, or does not answer\.\nIs the network there\?.*PIP_INDEX_URL/,
  );
  const another = output.replace("none", "1.0, 2.0");
  expect(clientSentence("pip", another)).toMatch(/^pip failed:\nERROR: Could not find a version/);
});
