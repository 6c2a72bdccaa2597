/** Fetching from addresses that others gave: against a server of our own, which stands on a loopback address. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { fetchPublic } from "../../../src/kernel-lib/structures/fetch-public.js";
import { checkPublicUrl, isPublicAddress, publicLookup } from "../../../src/kernel-lib/structures/public-address.js";

describe("isPublicAddress", () => {
  it.each(["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "2a00:1450:4001::5", "64:ff9b::808:808"])(
    "takes %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    ...["127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1"],
    ...["0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1"],
    ...[
      "::ffff:127.0.0.1",
      "::ffff:a9fe:a9fe",
      "64:ff9b::7f00:1",
      "ff02::1",
      "2002:7f00:1::",
      "2001:db8::1",
      "no ip",
      "",
    ],
  ])("refuses %s", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("checkPublicUrl", () => {
  it.each(["file:///etc/passwd", "ftp://example.org/a", "data:image/png;base64,AA", "http://user:pass@example.org/"])(
    "refuses %s",
    (url) => expect(() => checkPublicUrl(new URL(url))).toThrow(/Nothing is fetched from/),
  );
  it.each([
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://127.1/",
  ])("sees through the notation of %s", (url) =>
    expect(() => checkPublicUrl(new URL(url))).toThrow(/not an address of the public internet/),
  );
  it("keeps a password out of its sentence", () => {
    expect(() => checkPublicUrl(new URL("http://me:secret@example.org/"))).toThrow(/^(?!.*secret)/);
  });
});

describe("fetchPublic", () => {
  let server: Server;
  let port: number;
  let seen = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen++;
      const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
      if (pathname === "/to") response.writeHead(302, { location: searchParams.get("url") ?? "" }).end();
      else if (pathname === "/big") response.end(Buffer.alloc(5000));
      else if (pathname === "/endless") response.write(Buffer.alloc(10));
      else if (pathname === "/drip") {
        response.writeHead(200, { "content-type": "image/png" });
        for (let i = 0; i < 50; i++) response.write(Buffer.alloc(100));
        response.end();
      } else if (pathname === "/ok") response.writeHead(200, { "content-type": "image/png" }).end("bytes");
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = (path: string) => `http://127.0.0.1:${port}${path}`;

  it("asks nobody on a loopback address", async () => {
    const before = seen;
    await expect(fetchPublic(at("/ok"))).rejects.toMatchObject({ code: "AddressRefused" });
    expect(seen).toBe(before);
  });

  it("does where the caller allows it", async () => {
    const file = await fetchPublic(at("/to?url=/ok"), { allowPrivate: true });
    expect(Buffer.from(file.bytes).toString()).toBe("bytes");
    expect(file).toMatchObject({ url: at("/ok"), contentType: "image/png" });
  });

  it("refuses a name that resolves to a private address, and one that has both kinds", async () => {
    const before = seen;
    for (const addresses of [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]]) {
      const lookup = publicLookup((_name, _options, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        ),
      );
      await expect(fetchPublic(`http://pictures.example:${port}/ok`, { lookup })).rejects.toMatchObject({
        code: "AddressRefused",
        message: expect.stringContaining("resolves to") as string,
      });
    }
    expect(seen).toBe(before);
  });

  it("resolves a name once for what it checks and what it connects to", async () => {
    let asked = 0;
    const lookup = publicLookup((_name, _options, callback) => {
      asked++;
      // What a name server that changes its mind would say: a public address first, then ours.
      callback(null, [{ address: asked === 1 ? "192.0.0.9" : "127.0.0.1", family: 4 }]);
    });
    await expect(fetchPublic(`http://pictures.example:${port}/ok`, { lookup })).rejects.toThrow(/192\.0\.0\.9/);
    expect(asked).toBe(1);
  });

  it.each([["file:///etc/passwd"], ["gopher://127.0.0.1/"]])(
    "refuses a redirect to %s even where private addresses are allowed",
    async (target) => {
      const options = { allowPrivate: true };
      const url = at(`/to?url=${encodeURIComponent(target)}`);
      const outcome = expect(fetchPublic(url, options)).rejects;
      await outcome.toMatchObject({ code: "AddressRefused" });
    },
  );

  it("ends a circle of redirects", async () => {
    const url = at(`/to?url=${encodeURIComponent("/to?url=/to")}`);
    await expect(fetchPublic(url, { allowPrivate: true })).rejects.toMatchObject({ code: "FetchFailed" });
  });

  it.each(["/big", "/drip"])("reads no more than it may of %s", async (path) => {
    const fetched = fetchPublic(at(path), { allowPrivate: true, maxBytes: 1000 });
    await expect(fetched).rejects.toThrow(/more than 1000 bytes/);
  });

  it("does not wait for ever", async () => {
    await expect(fetchPublic(at("/endless"), { allowPrivate: true, timeout: 100 })).rejects.toThrow(/more than 0\.1 s/);
  });

  it("stops by its signal", async () => {
    const signal = AbortSignal.timeout(30);
    await expect(fetchPublic(at("/endless"), { allowPrivate: true, signal })).rejects.toMatchObject({
      code: "Stopped",
    });
  });
});
