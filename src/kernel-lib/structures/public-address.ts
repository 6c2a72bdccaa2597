/**
 * Which addresses a machine may be made to fetch from by somebody else's list: those of the public internet alone. A link to a
 * router's page or to a cloud's metadata service is refused, however it is spelt.
 */
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";

import { VitrineError } from "./errors.js";

/** IANA's special-purpose registries (RFC 6890 and its successors): what is not globally reachable. */
const RESERVED: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

const reserved = new BlockList();
for (const [network, prefix] of RESERVED) reserved.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");

/** Whether an IP address, as text, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const [plain = ""] = address.split("%");
  const version = isIP(plain);
  if (version === 0) return false;
  if (version === 4) return !reserved.check(plain, "ipv4");
  const inner = embeddedIPv4(plain);
  if (inner !== undefined) return isPublicAddress(inner);
  return !reserved.check(plain, "ipv6");
}

/** Of ::ffff:a.b.c.d and 64:ff9b::a.b.c.d, which lead to an IPv4 address. */
function embeddedIPv4(address: string): string | undefined {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!match) return undefined;
  const [high, low] = [parseInt(match[1] ?? "", 16), parseInt(match[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * Refuses an address that can be refused by its spelling: not http or https, credentials in it, or a private IP address in any
 * notation that URL knows (decimal, hexadecimal, octal). Names are looked at when they are resolved, by `publicLookup`.
 * @throws AddressRefused
 */
export function checkPublicUrl(url: URL): void {
  const refuse = (reason: string) => {
    throw new VitrineError("AddressRefused", { url: withoutSecrets(url), reason });
  };
  if (!/^https?:$/.test(url.protocol)) refuse(`only http: and https: are fetched, not ${url.protocol}`);
  if (url.username !== "" || url.password !== "") refuse("it carries a name or password");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) refuse(`${host} is not an address of the public internet`);
}

const withoutSecrets = (url: URL) => url.href.replace(/\/\/[^/@]*@/, "//…@");

type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * For `lookup` of `http.request`: resolves a name once, and connects to what it checked. So a name that resolves differently
 * the next time gains nothing.
 */
export function publicLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      const refused = error ?? refusal(hostname, addresses);
      const [first] = addresses;
      if (refused !== undefined || !first) callback(refused ?? null, "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, addresses: readonly LookupAddress[]): VitrineError | undefined {
  const hidden = addresses.find(({ address }) => !isPublicAddress(address));
  if (addresses.length > 0 && !hidden) return undefined;
  const reason = hidden
    ? `it resolves to ${hidden.address}, which is not of the public internet`
    : "it resolves to nothing";
  return new VitrineError("AddressRefused", { url: hostname, reason });
}
