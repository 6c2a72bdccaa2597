/** The JupyterLab plugin: the widgets' classes for the page's widget managers, and static views where no widget can be live. */
import { IJupyterWidgetRegistry } from "@jupyter-widgets/base";

import { WIDGET_MODULE, WIDGET_VERSION } from "../../kernel-lib/protocol/index.js";
import * as widgets from "./index.js";
import { leaveOutOfSaves } from "./saved-state.js";
import { showStaticViews, type NotebookPanel } from "./static-fallback.js";

/** What this plugin uses of JupyterLab's application. */
interface Application {
  docRegistry: {
    addWidgetExtension(factory: string, extension: { createNew(panel: NotebookPanel): void }): unknown;
  };
}

export const plugin = {
  id: `${WIDGET_MODULE}:plugin`,
  description: "vitrine's widgets: annotation, results, precision and recall, training, figures",
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate(app: Application, registry: IJupyterWidgetRegistry): void {
    registry.registerWidget({ name: WIDGET_MODULE, version: WIDGET_VERSION, exports: { ...widgets } });
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew: (panel) => {
        showStaticViews(panel);
        leaveOutOfSaves(panel.context);
      },
    });
  },
};
