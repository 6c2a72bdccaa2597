/**
 * Bundles the widgets: as a prebuilt JupyterLab extension (dist/labextension) and as an AMD module (dist/index.js) for VS Code,
 * nbclassic and exported pages; and the annotation tool as a page of its own (dist/page). Plotly lies beside each, and is loaded when the first plot shows.
 *
 * The extension is a module-federation container made by hand: `@jupyterlab/builder` takes minutes for what esbuild does at once.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const extension = join(dist, "labextension");

/** Every import of the page's widget base reads the variable that the wrapper around the bundle declares. */
const sharedBase = {
  name: "shared-base",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@jupyter-widgets\/base$/ }, ({ path }) => ({ path, namespace: "shared" }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => ({ contents: "module.exports = _vitrineBase;" }));
  },
};

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: true,
  target: "es2022",
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
};

/** Plotly as an ES module: no global, no clash with a page's AMD loader. */
async function buildPlotly(outdir) {
  const { metafile } = await build({
    ...common,
    stdin: { contents: 'export { default } from "plotly.js-dist-min";', resolveDir: here },
    format: "esm",
    outdir,
    entryNames: "plotly.[hash]",
    sourcemap: false,
  });
  return nameOf(metafile);
}

async function buildBundle(entry, outdir, entryNames, before, after) {
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    format: "iife",
    globalName: "vitrineWidgets",
    outdir,
    entryNames,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".css": "text" },
    plugins: [sharedBase],
    banner: { js: before },
    footer: { js: after },
  });
  return nameOf(metafile);
}

const nameOf = (metafile) => basename(Object.keys(metafile.outputs).find((path) => path.endsWith(".js")) ?? "");

const plotlyUrl = (plotly, from) => `const VITRINE_PLOTLY_URL=new URL(${JSON.stringify(plotly)},${from}).href;`;

async function buildExtension() {
  const folder = join(extension, "static");
  const plotly = await buildPlotly(folder);
  const before = `(()=>{let _vitrineBase;${plotlyUrl(plotly, "document.currentScript.src")}`;
  const entry = await buildBundle("src/container.ts", folder, "remoteEntry.[hash]", before, "})();");
  const { name, version, description, license } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const jupyterlab = {
    extension: true,
    outputDir: ".",
    _build: { load: `static/${entry}`, extension: "./extension" },
  };
  const meta = { name, version, description, license, keywords: ["jupyterlab-extension"], jupyterlab };
  await writeFile(join(extension, "package.json"), `${JSON.stringify(meta, undefined, 2)}\n`);
  return { plotly };
}

async function buildAmd({ plotly }) {
  const from = "new URL(VITRINE_AMD.uri,document.baseURI)";
  const before = `define(["@jupyter-widgets/base","module"],(_vitrineBase,VITRINE_AMD)=>{${plotlyUrl(plotly, from)}`;
  await buildBundle("src/index.ts", dist, "index", before, "return vitrineWidgets;});");
  await copyFile(join(extension, "static", plotly), join(dist, plotly));
}

/** The annotation tool as a page of its own, for `vitrine annotate`. */
async function buildPage() {
  const folder = join(dist, "page");
  await mkdir(folder, { recursive: true });
  await build({
    ...common,
    entryPoints: ["src/page/index.tsx"],
    format: "iife",
    outfile: join(folder, "page.js"),
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".css": "text" },
  });
  for (const file of ["page.html", "page.css"]) await copyFile(join(here, "src/page", file), join(folder, file));
}

await rm(extension, { recursive: true, force: true });
await mkdir(extension, { recursive: true });
await buildAmd(await buildExtension());
await buildPage();
