/**
 * The one check that must run before anything else is imported: an old Node would fail on the imports themselves, with a
 * sentence about syntax instead of one about its age. Nothing here is newer than Node 14.
 * @module
 */

/** The oldest Node that the workshop runs on, as in package.json's `engines`. */
export const MINIMUM_NODE = [20, 19];

/**
 * @param {string} version as `process.versions.node` has it
 * @returns {string | undefined} what to tell the user, or nothing if this Node will do
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = MINIMUM_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return (
    `vitrine needs Node ${wantedMajor}.${wantedMinor} or newer, and this is Node ${version}. ` +
    "Install a current Node (https://nodejs.org, or `nvm install 22`) and run the command again."
  );
}

/** Ends the process with a sentence if this Node is too old. */
export function requireNode() {
  const problem = nodeProblem(process.versions.node);
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}
