/**
 * JupyterLab writes the state of a notebook's widgets into its metadata on every save. Ours are left out: without their kernel they are
 * no use to anybody, and where a state is there, exported pages (nbconvert) try to fetch the widget from a public server instead of
 * showing the picture or table that lies beside it. A reloaded page has the state from the kernel.
 */
import { WIDGET_MODULE } from "../../kernel-lib/protocol/index.js";

const STATE_MIME = "application/vnd.jupyter.widget-state+json";

/** What is used of JupyterLab's document context. */
export interface NotebookContext {
  readonly ready: Promise<void>;
  readonly model: NotebookModel;
}

interface NotebookModel {
  readonly metadataChanged: { connect(slot: (sender: unknown, change: { key: string }) => void): unknown };
  getMetadata(key: string): unknown;
  setMetadata(key: string, value: unknown): void;
  deleteMetadata(key: string): void;
}

interface SavedWidgets {
  [STATE_MIME]?: { state?: { [id: string]: { model_module?: string } } };
}

/** At once when the state is written, for the notebook is serialised right after. */
export function leaveOutOfSaves({ model }: NotebookContext): void {
  model.metadataChanged.connect((_, { key }) => {
    if (key === "widgets") removeOurs(model);
  });
}

function removeOurs(model: NotebookModel): void {
  const saved = model.getMetadata("widgets") as SavedWidgets | undefined;
  const all = Object.entries(saved?.[STATE_MIME]?.state ?? {});
  const others = all.filter(([, { model_module }]) => model_module !== WIDGET_MODULE);
  if (others.length === all.length) return;
  const state = Object.fromEntries(others);
  if (others.length === 0) model.deleteMetadata("widgets");
  else model.setMetadata("widgets", { ...saved, [STATE_MIME]: { ...saved?.[STATE_MIME], state } });
}
