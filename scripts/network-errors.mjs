/**
 * What a package client says when the network fails, turned into a sentence that names the package and the way out.
 * The forms are those of npm 10 and 11, uv 0.13 and pip 23 and later.
 * @module
 */

/** @typedef {"npm" | "uv" | "pip"} Client */
/**
 * @typedef {object} NetworkFailure
 * @property {string} [package]
 * @property {string} cause in a few words
 */

/** What the three clients call each cause, most telling first. */
const CAUSES = /** @type {const} */ ([
  [/ECONNREFUSED|Connection refused|actively refused/i, "the server refused the connection"],
  [/ENOTFOUND|EAI_AGAIN|dns error|Name or service not known|name resolution|getaddrinfo/i, "its name was not found"],
  [/CERT|certificate|SSLError|self.signed|UnknownIssuer/, "its certificate is not trusted"],
  [/ETIMEDOUT|ESOCKETTIMEDOUT|EIDLETIMEOUT|timed out|ReadTimeout|timeout/i, "it did not answer in time"],
  [/\b(?:E407|407 Proxy|Proxy Authentication)/i, "the proxy wants a name and a password"],
  [/\b(?:E401|E403|401 Unauthorized|403 Forbidden)/, "the server wants a login or forbids this package"],
  [/ECONNRESET|EPIPE|socket hang up|connection (?:was )?(?:reset|closed|aborted|broken)/i, "the connection broke"],
  [/ENETUNREACH|EHOSTUNREACH|Network is unreachable/i, "there is no way to its network"],
]);

/** Lines that name what was being fetched: the last error line wins over the retries before it. */
const REQUESTS = [
  /npm error .*request to (\S+) failed/g,
  /npm error .*(?:GET|fetch) (?:\d+ )?(https?:\/\/\S+)/gi,
  /(?:Failed to fetch|Failed to download|error sending request for url|download distribution from):? *[(`]?(https?:\/\/[^\s)`]+)/g,
  /after connection broken by .*: (\/\S+)/g,
  /HTTPS?ConnectionPool\(.*url: (\S+)/g,
  /npm http fetch GET (https?:\/\/\S+) attempt \d+ failed/g,
];

/**
 * The package in a registry's address: of the last two parts the one that is no file's name.
 * @param {string} url
 * @returns {string | undefined}
 */
export function packageInUrl(url) {
  const path = decodeURIComponent(url.replace(/^https?:\/\/[^/]+/, "").replace(/[?#].*$/, ""));
  const tarball = /\/((?:@[^/]+\/)?[^/]+)\/-\/[^/]+\.tgz$/.exec(path);
  if (tarball?.[1] !== undefined) return tarball[1];
  const archive = /([^/]+?)-\d[^/]*\.(?:whl|tar\.gz|zip)(?:\.metadata)?$/.exec(path);
  if (archive?.[1] !== undefined) return archive[1].replaceAll("_", "-").toLowerCase();
  return /((?:@[^/]+\/)?[^/@]+)\/?$/.exec(path)?.[1];
}

/**
 * @param {string} output what the client printed
 * @returns {NetworkFailure | undefined} nothing if it failed for another reason
 */
export function findNetworkFailure(output) {
  const cause = CAUSES.find(([pattern]) => pattern.test(output))?.[1];
  if (cause === undefined) return undefined;
  for (const pattern of REQUESTS) {
    const url = [...output.matchAll(pattern)].at(-1)?.[1];
    const name = url === undefined ? undefined : packageInUrl(url);
    if (name !== undefined) return { package: name, cause };
  }
  return { cause };
}

/** Where each client takes its server and its proxy from. */
const SETTINGS = {
  npm: "npm's `registry`, `proxy` and `cafile` settings (`npm config list` shows them), or HTTPS_PROXY",
  uv: "UV_DEFAULT_INDEX (or PIP_INDEX_URL), HTTPS_PROXY and SSL_CERT_FILE",
  pip: "PIP_INDEX_URL, PIP_CERT and HTTPS_PROXY (`pip config list` shows what pip has)",
};

/**
 * @param {Client} client
 * @param {string} output
 * @returns {string | undefined} nothing if it failed for another reason
 */
export function networkSentence(client, output) {
  const failure = findNetworkFailure(output);
  if (failure === undefined) return undefined;
  const what = failure.package === undefined ? "a package" : `the package \`${failure.package}\``;
  return (
    `${client} could not fetch ${what}: ${failure.cause}.\n` +
    `Is the network there? Behind a proxy or with a mirror, look at ${SETTINGS[client]}.\n` +
    "Then run the same command again: what has been fetched is kept, and it goes on from there."
  );
}

/** Lines that say what went wrong, without npm's log of requests and its page of usage. @param {string} output */
function errorLines(output) {
  const lines = output.trimEnd().split("\n");
  const usage = lines.findIndex((line) => /^npm error (?:Usage:|Clean install a project)/.test(line));
  const told = usage < 0 ? lines : lines.slice(0, usage);
  const errors = told.filter(
    (line) => /error|fatal|cause:/i.test(line) && !/npm http|npm error\s*$|complete log/.test(line),
  );
  return errors.length > 0 ? errors : lines.slice(-MOST_LINES);
}

const MOST_LINES = 12;

/**
 * What to say when a client failed, whatever the reason.
 * @param {Client} client
 * @param {string} output
 */
export function clientSentence(client, output) {
  const network = networkSentence(client, output);
  if (network !== undefined) return network;
  // pip says no more where it tries once and in silence; where another version is there, it lists those.
  const absent = /satisfies the requirement ([\w.-]+)\S* \(from versions: none\)/.exec(output)?.[1];
  if (absent !== undefined) {
    return (
      `${client} found no version of \`${absent}\`: the index has none for this machine, or does not answer.\n` +
      `Is the network there? Behind a proxy or with a mirror, look at ${SETTINGS[client]}.`
    );
  }
  const lines = errorLines(output);
  const more = lines.length > MOST_LINES ? `\n… and ${lines.length - MOST_LINES} lines more` : "";
  return `${client} failed:\n${lines.slice(0, MOST_LINES).join("\n")}${more}`;
}
