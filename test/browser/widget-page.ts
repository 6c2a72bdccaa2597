/** Widgets in a real Chromium, against Jupyter's own widget manager, on a page that has nothing else. */
import { createServer, type Server } from "node:http";
import { mkdir, readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

import axe from "axe-core";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";
import { JUPYTER_DISPLAY, type MimeBundle } from "../../src/kernel-lib/comm/port.js";
import { PageKernel, type PageMessage } from "./page-kernel.js";
import type {} from "./widget-page-entry.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const dist = path.join(root, "src/widgets/dist");

type AxeModule = typeof axe;

export interface Showable {
  readonly id: string;
  [JUPYTER_DISPLAY](): Promise<MimeBundle>;
}

export class WidgetPage {
  readonly page: Page;
  readonly kernel: PageKernel;
  /** What the page wrote as an error, or threw. */
  readonly complaints: string[] = [];
  private readonly browser: Browser;
  private readonly server: Server;

  private constructor(page: Page, browser: Browser, server: Server) {
    this.page = page;
    this.browser = browser;
    this.server = server;
    this.kernel = new PageKernel((message) =>
      // As text: the type of any JSON is too deep for evaluate's own types.
      page.evaluate((text) => window.vitrineTest.receive(JSON.parse(text) as PageMessage), JSON.stringify(message)),
    );
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  /** A page with the bundle on it, as JupyterLab's container or as an AMD module. */
  static async open(bundle: "container" | "amd" = "container"): Promise<WidgetPage> {
    const server = await serve();
    const browser = await chromium.launch({
      executablePath: await ensureChromium(() => undefined),
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    const opened = new WidgetPage(page, browser, server);
    await page.exposeFunction("toKernel", (message: never) => opened.kernel.receive(message));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await page.goto(`${address}/`);
    if (bundle === "amd") await page.evaluate((url) => window.vitrineTest.loadAmd(url), `${address}/dist/index.js`);
    else await page.addScriptTag({ url: `${address}/dist/labextension/${await containerFile()}` });
    if (bundle === "container") await page.evaluate(() => window.vitrineTest.load());
    return opened;
  }

  /** Shows a view of a widget, as a cell's value is shown. */
  async show(widget: Showable): Promise<MimeBundle> {
    const bundle = await widget[JUPYTER_DISPLAY]();
    await this.kernel.settled();
    await this.page.evaluate((id) => window.vitrineTest.show(id), widget.id);
    return bundle;
  }

  async setTheme(theme: "light" | "dark"): Promise<void> {
    await this.page.evaluate((name) => window.vitrineTest.setTheme(name), theme);
  }

  /** A picture of the page under `out/screenshots`, to be looked at. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(root, "out", "screenshots");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  }

  /** What axe-core finds wrong with the widgets on the page: names, roles, contrast and the like. */
  async accessibilityProblems(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const { axe: checker } = window as unknown as { axe: AxeModule };
      const { violations } = await checker.run(".vt-host");
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`),
      );
    });
  }

  async close(): Promise<void> {
    this.kernel.end();
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The file that JupyterLab loads, by the extension's own word. */
async function containerFile(): Promise<string> {
  const manifest = await readFile(path.join(dist, "labextension", "package.json"), "utf8").catch(() => {
    throw new Error("the widgets are not built: npm run setup");
  });
  return (JSON.parse(manifest) as { jupyterlab: { _build: { load: string } } }).jupyterlab._build.load;
}

async function serve(): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, "widget-page-entry.ts")],
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "warning",
  });
  const script = outputFiles[0]?.contents;
  const page = await readFile(path.join(here, "widget-page.html"));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const send = (type: string, body: Uint8Array | undefined) =>
      response.writeHead(body ? 200 : 404, { "content-type": type }).end(body);
    if (pathname === "/") send("text/html", page);
    else if (pathname === "/page.js") send("text/javascript", script);
    else if (!pathname.startsWith("/dist/")) send("text/plain", undefined);
    else {
      const file = path.join(dist, path.normalize(pathname.slice("/dist/".length)));
      readFile(file).then(
        (body) => send("text/javascript", body),
        () => send("text/plain", undefined),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Names of the files in the extension's static folder. */
export async function staticFiles(): Promise<string[]> {
  return readdir(path.join(dist, "labextension", "static"));
}
