/**
 * JupyterLab in a real Chromium, as a person has it: the workshop's own server, kernel and extension, on a copy of the notebooks and
 * of the sample pictures under `out/`, so that a test's labels never reach the project's own.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { chromium, type Browser, type Locator, type Page } from "playwright-core";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";
import { startJupyter } from "../../scripts/jupyter-server.mjs";
import { root } from "../../scripts/places.mjs";
import { findPort } from "../../scripts/ports.mjs";

export interface NotebookCell {
  cell_type: "code" | "markdown";
  id: string;
  metadata: object;
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: NotebookCell[];
  metadata: object;
  nbformat: number;
  nbformat_minor: number;
}

/** A code cell as a notebook file holds it. */
export function codeCell(id: string, source: string): NotebookCell {
  return { cell_type: "code", id, metadata: {}, source, outputs: [], execution_count: null };
}

/** What the tests use of JupyterLab's application object. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(command: string, args?: object): Promise<unknown> };
    shell: { currentWidget: { context: { save(): Promise<void>; sessionContext: LabSessionContext } } };
  };
}
interface LabSessionContext {
  session: { kernel: { status: string } | null } | null;
}

const TOKEN = "a-test-s-token";

export class LabSession {
  readonly page: Page;
  readonly folder: string;
  private readonly browser: Browser;
  private readonly stopServer: () => Promise<void>;

  private constructor(page: Page, folder: string, browser: Browser, stopServer: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.browser = browser;
    this.stopServer = stopServer;
  }

  /** Opens one notebook, changed by `edit`, in a fresh copy of the workshop named `name`; in JupyterLab, or in Notebook 7. */
  static async open(
    name: string,
    file: string,
    edit: (notebook: Notebook) => Notebook = (same) => same,
    app: "lab" | "notebook" = "lab",
  ) {
    const folder = path.join(root, "out", "browser", name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.join(folder, "notebooks"), { recursive: true });
    // The journals of labels are the user's, not the sample's.
    const filter = (source: string) => !source.includes(".vitrine");
    await cp(path.join(root, "sample_data"), path.join(folder, "sample_data"), { recursive: true, filter });
    const notebook = edit(JSON.parse(await readFile(path.join(root, "notebooks", file), "utf8")) as Notebook);
    await writeFile(path.join(folder, "notebooks", file), JSON.stringify(notebook));
    const port = await findPort(undefined, 9100);
    // A test's theme and layout are not the user's.
    const settings = [
      "--LabApp.expose_app_in_browser=True",
      "--JupyterNotebookApp.expose_app_in_browser=True",
      `--LabApp.user_settings_dir=${path.join(folder, "settings")}`,
      `--LabApp.workspaces_dir=${path.join(folder, "workspaces")}`,
    ];
    const server = await startJupyter({ port, token: TOKEN, settings });
    const browser = await chromium.launch({ executablePath: await ensureChromium(() => undefined), args: FLAGS });
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const session = new LabSession(page, folder, browser, server.stop);
    const where = path
      .relative(root, path.join(folder, "notebooks", file))
      .split(path.sep)
      .join("/");
    const address = app === "lab" ? `lab/tree/${where}?token=${TOKEN}&reset` : `notebooks/${where}?token=${TOKEN}`;
    await page.goto(`${server.url}/${address}`);
    await session.waitForKernel();
    return session;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stopServer();
  }

  /** Until the notebook is open and its kernel has nothing to do. */
  async waitForKernel(timeout = 120_000): Promise<void> {
    await this.page.locator(".jp-Notebook").waitFor({ timeout: 60_000 });
    await this.page.waitForFunction(
      () => {
        const { jupyterapp } = window as unknown as LabWindow;
        const widget = jupyterapp.shell.currentWidget as LabWindow["jupyterapp"]["shell"]["currentWidget"] | null;
        return widget?.context.sessionContext.session?.kernel?.status === "idle";
      },
      undefined,
      { timeout },
    );
  }

  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, options]) => {
        await (window as unknown as LabWindow).jupyterapp.commands.execute(command, options);
      },
      [id, args] as const,
    );
  }

  /** Starts all cells; does not wait for them. */
  async startAll(): Promise<void> {
    await this.page.evaluate(() => {
      void (window as unknown as LabWindow).jupyterapp.commands.execute("notebook:run-all-cells");
    });
  }

  async save(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as LabWindow).jupyterapp.shell.currentWidget.context.save());
  }

  async setTheme(theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    await this.command("apputils:change-theme", { theme });
    const light = String(theme === "JupyterLab Light");
    await this.page.locator(`body[data-jp-theme-light="${light}"]`).waitFor({ state: "attached" });
  }

  /** The cell whose source begins like this. */
  cell(source: string): Locator {
    return this.page.locator(".jp-CodeCell").filter({ hasText: source }).first();
  }

  /** Brings the cell into view: JupyterLab draws only what is there. */
  async show(source: string): Promise<Locator> {
    const cell = this.cell(source);
    await cell.scrollIntoViewIfNeeded();
    return cell;
  }

  /** Waits until the cell has run, and brings it into view. */
  async finished(source: string, timeout = 120_000): Promise<Locator> {
    await this.prompt(source, /^\[\d+\]:$/, timeout);
    return this.show(source);
  }

  /** Waits until the cell is running. */
  async running(source: string): Promise<void> {
    await this.prompt(source, /^\[\*\]:$/, 60_000);
  }

  /** What is written under the cell. */
  async output(source: string): Promise<string> {
    return (await (await this.show(source)).locator(".jp-OutputArea").textContent()) ?? "";
  }

  /** The widget under the cell, drawn by its own extension. */
  async widget(source: string): Promise<Locator> {
    const widget = (await this.show(source)).locator(".vt-host").first();
    await widget.waitFor();
    await widget.scrollIntoViewIfNeeded();
    return widget;
  }

  /** Loads the page again, as a person does; the kernel goes on. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitForKernel();
  }

  private async prompt(source: string, text: RegExp, timeout: number): Promise<void> {
    await this.cell(source).locator(".jp-InputArea-prompt", { hasText: text }).waitFor({ timeout, state: "attached" });
  }

  /** A picture of the page for people to look at, under `out/screenshots`. */
  async screenshot(name: string, of?: Locator): Promise<void> {
    const file = path.join(root, "out", "screenshots", `${name}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await (of ?? this.page).screenshot({ path: file });
  }
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
