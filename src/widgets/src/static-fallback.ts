/**
 * A notebook that is opened without its kernel shows each widget's picture or table, which lies beside the widget in the output;
 * the widget manager by itself shows "model not found". And an output that is updated while its widget is on screen keeps the
 * view that is there, with its focus and its scroll position.
 */

import type { NotebookContext } from "./saved-state.js";

const VIEW_MIME = "application/vnd.jupyter.widget-view+json";
/** In order of preference. */
const STATIC_MIMES = ["text/html", "image/svg+xml", "image/png"];

interface MimeModel {
  readonly data: { readonly [mime: string]: unknown };
}

interface Renderer {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  readonly disposed: { connect(slot: () => void): unknown };
  renderModel(model: MimeModel): Promise<void>;
  dispose(): void;
}

interface RendererFactory {
  readonly safe: boolean;
  readonly mimeTypes: readonly string[];
  createRenderer(options: unknown): Renderer;
}

interface RenderMimeRegistry {
  getFactory(mime: string): RendererFactory | undefined;
  getRank(mime: string): number | undefined;
  addFactory(factory: RendererFactory, rank?: number): void;
  createRenderer(mime: string): Renderer;
}

/** What is used of JupyterLab's notebook panel. */
export interface NotebookPanel {
  readonly content: { readonly rendermime: RenderMimeRegistry };
  readonly context: NotebookContext;
}

const wrapped = new WeakSet<RendererFactory>();

/** Wraps the notebook's renderer of widgets, now or as soon as its widget manager has put it there. */
export function showStaticViews({ content, context }: NotebookPanel): void {
  const wrap = () => wrapFactory(content.rendermime);
  wrap();
  queueMicrotask(wrap);
  void context.ready.then(wrap);
}

function wrapFactory(rendermime: RenderMimeRegistry): void {
  const original = rendermime.getFactory(VIEW_MIME);
  if (!original || wrapped.has(original)) return;
  const factory: RendererFactory = {
    safe: original.safe,
    mimeTypes: [VIEW_MIME],
    createRenderer: (options) => withStaticView(original.createRenderer(options), rendermime),
  };
  wrapped.add(factory);
  rendermime.addFactory(factory, rendermime.getRank(VIEW_MIME));
}

function withStaticView(renderer: Renderer, rendermime: RenderMimeRegistry): Renderer {
  const renderWidget = renderer.renderModel.bind(renderer);
  let shown: string | undefined;
  let picture: Renderer | undefined;
  const clear = () => {
    picture?.dispose();
    picture = undefined;
  };
  renderer.disposed.connect(clear);
  renderer.renderModel = async (model) => {
    const id = modelId(model);
    if (id !== undefined && id === shown && hasView(renderer)) return;
    clear();
    shown = id;
    await renderWidget(model);
    if (renderer.isDisposed || hasView(renderer)) return;
    picture = await staticView(model, rendermime);
    if (picture) renderer.node.replaceChildren(picture.node);
  };
  return renderer;
}

function modelId({ data }: MimeModel): string | undefined {
  const view = data[VIEW_MIME] as { model_id?: unknown } | undefined;
  return typeof view?.model_id === "string" ? view.model_id : undefined;
}

/** Whether a widget's view is shown: lumino marks what it attaches. A message about a missing model is bare text. */
function hasView(renderer: Renderer): boolean {
  return renderer.node.querySelector(".lm-Widget") !== null;
}

async function staticView(model: MimeModel, rendermime: RenderMimeRegistry): Promise<Renderer | undefined> {
  const mime = STATIC_MIMES.find((candidate) => model.data[candidate] !== undefined);
  if (mime === undefined || !rendermime.getFactory(mime)) return undefined;
  const renderer = rendermime.createRenderer(mime);
  await renderer.renderModel(model);
  return renderer;
}
