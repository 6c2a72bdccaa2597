/**
 * Who may import whom. The rooms and their order, as rules that `npm run layers` checks.
 * Types count as much as values do: a room that needs another's types depends on it.
 */

/** Lowest first; a room may import rooms of a lower floor, never of its own or a higher one. */
const FLOORS = [
  ["structures", "simd"],
  ["ops", "metrics"],
  ["data", "augmenters", "hub"],
  ["models", "classifiers"],
  ["engine"],
  ["serving", "plots"],
];

/** Rooms beside the floors: what each may import of ours, and nothing else. */
const BESIDE = {
  protocol: [],
  comm: ["protocol", "structures"],
  // Classifiers are plain arithmetic: suspected labels are found by small models beside the one that suggests.
  ui: ["comm", "protocol", "structures", "metrics", "classifiers", "plots", "data"],
  kernel: ["comm", "protocol", "structures"],
  cli: [...FLOORS.flat(), "comm", "protocol", "ui"],
};

/** npm packages that belong to certain rooms. */
const PACKAGES = [
  { name: "tfjs", path: "@tensorflow/", rooms: ["ops", "augmenters", "hub", "models", "engine"], files: ["tf"] },
  { name: "sharp", path: "sharp/", rooms: ["data", "augmenters", "plots", "serving"], files: [] },
  { name: "h5wasm", path: "h5wasm/", rooms: ["hub"], files: [] },
  { name: "fast-xml-parser", path: "fast-xml-parser/", rooms: ["data"], files: [] },
  { name: "tslab", path: "(?:@tslab|tslab)/", rooms: ["kernel"], files: [] },
  { name: "zeromq", path: "zeromq/", rooms: ["kernel"], files: [] },
  { name: "http-service", path: "(?:@fastify|fastify|pino|prom-client)/", rooms: ["serving"], files: [] },
  { name: "kubernetes", path: "@kubernetes/", rooms: ["serving"], files: [] },
  { name: "commander", path: "commander/", rooms: ["cli"], files: [] },
];

const LIBRARY = "^src/kernel-lib/";
const roomPath = (room) => `${LIBRARY}${room}/`;
const anyOf = (names) => `(?:${names.join("|")})`;

/** A room's own files and those of the rooms that it may import; packages of which the root has another version lie beside the rooms. */
const mayImport = (room, others) => `${LIBRARY}${anyOf([room, ...others, "node_modules"])}/`;

const floorRules = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-imports-lower-floors-only`,
    severity: "error",
    from: { path: roomPath(room) },
    to: { path: "^src/", pathNot: mayImport(room, FLOORS.slice(0, floor).flat()) },
  })),
);

const besideRules = Object.entries(BESIDE).map(([room, others]) => ({
  name: `${room}-imports-${others.length > 0 ? others.join("-") : "nothing"}`,
  severity: "error",
  from: { path: roomPath(room) },
  to: { path: "^src/", pathNot: mayImport(room, others) },
}));

const packageRules = PACKAGES.map(({ name, path, rooms, files }) => ({
  name: `${name}-only-in-${rooms.join("-")}`,
  severity: "error",
  from: { path: "^src/", pathNot: `${LIBRARY}(?:${anyOf(rooms)}/|${anyOf([...files, "-"])}\\.ts$)` },
  to: { path: `(?:^|/)node_modules/${path}` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...floorRules,
    ...besideRules,
    ...packageRules,
    {
      name: "metrics-and-classifiers-are-pure",
      comment: "no npm package and nothing of Node: they run anywhere",
      severity: "error",
      from: { path: `${LIBRARY}${anyOf(["metrics", "classifiers", "protocol"])}/` },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "widgets-import-protocol-only",
      severity: "error",
      from: { path: "^src/widgets/src/" },
      to: { path: "^src/", pathNot: ["^src/widgets/src/", roomPath("protocol")] },
    },
    {
      name: "widgets-run-in-a-browser",
      severity: "error",
      from: { path: "^src/widgets/src/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "every-file-has-a-room",
      comment: "at the top lie the table of contents and the raw tfjs, nothing else",
      severity: "error",
      from: {},
      to: { path: `${LIBRARY}[^/]+\\.ts$`, pathNot: `${LIBRARY}(?:index|tf)\\.ts$` },
    },
    {
      name: "a-known-room",
      severity: "error",
      from: {},
      to: {
        path: `${LIBRARY}[^/]+/`,
        pathNot: `${LIBRARY}${anyOf([...FLOORS.flat(), ...Object.keys(BESIDE), "node_modules"])}/`,
      },
    },
    {
      name: "no-catch-all-folder",
      comment: "name a folder after what lies in it",
      severity: "error",
      from: {},
      to: {
        path: "/(?:util|utils|common|helper|helpers|misc|shared)/[^/]+[.][a-z]+$",
        pathNot: "(?:^|/)node_modules/",
      },
    },
    {
      name: "sources-know-no-tests",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(?:test|scripts)/" },
    },
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "resolvable",
      comment: "an import that leads nowhere would pass every other rule",
      severity: "error",
      from: {},
      // The engine's binding is compiled by the set-up, and not there where there is no TensorFlow.
      to: { couldNotResolve: true, pathNot: "[.]node$" },
    },
    {
      name: "declared",
      comment: "in the package.json of its own workspace",
      severity: "error",
      from: { path: "^src/.*[.]tsx?$" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "(?:^|/)node_modules/" },
    exclude: { path: "^src/[^/]+/dist/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["main", "types", "typings"],
    },
  },
};
