/** What a single figure and a row of them share: panels in the state, and a picture of them for a notebook without a kernel. */
import { Widget, type StaticView } from "../comm/widget.js";
import { plotsAsPng, plotsAsSvg, plotsAsText, type StaticPanel } from "../plots/index.js";
import {
  FIGURE_DEFAULTS,
  LIGHT_COLOURS,
  type FigureCommand,
  type FigureEventName,
  type FigurePanel,
  type FigureState,
} from "../protocol/index.js";
import { forTransport } from "./figure-transport.js";
import { escapeHtml } from "./html.js";

export abstract class PlotWidget extends Widget<FigureState, FigureCommand> {
  protected constructor() {
    super("Figure", FIGURE_DEFAULTS);
  }

  protected abstract panels(): readonly StaticPanel[];
  protected abstract listens(): readonly FigureEventName[];

  /** Brings the state, and with it every view, up to date. */
  protected redraw(): void {
    this.set({ panels: forTransport(this.panels()) as readonly FigurePanel[], listens: this.listens() });
  }

  protected override async staticView(): Promise<StaticView> {
    const panels = this.panels();
    return {
      html: plotsAsImage(panels),
      text: plotsAsText(panels),
      png: await plotsAsPng(panels, { colours: LIGHT_COLOURS }),
    };
  }
}

/** Plots as one picture in HTML, with their descriptions as its alternative text. */
export function plotsAsImage(panels: readonly StaticPanel[]): string {
  const svg = plotsAsSvg(panels, { colours: LIGHT_COLOURS });
  const alt = escapeHtml(panels.map(({ description }) => description).join(" "));
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<img alt="${alt}" src="${source}" style="max-width:100%;height:auto">`;
}
