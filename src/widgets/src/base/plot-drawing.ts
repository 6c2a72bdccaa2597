/** Plotly at work in one element: one drawing at a time, always the latest, as wide as the element. */
import type { FigureEventName, FigurePoint, PlotSpec } from "../../../kernel-lib/protocol/index.js";
import { DrawPace } from "./draw-pace.js";
import { plotlyCopy } from "./plot-data.js";
import { plotTemplate } from "./plot-theme.js";
import type { Plotly, PlotlyModule } from "./plotly.js";
import type { Theme } from "./theme.js";

const CONFIG: Partial<Plotly.Config> = {
  displaylogo: false,
  responsive: false,
  // Plotly offers by itself to upload the figure to its company's cloud.
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["sendChartToCloud", "lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
};

const PLOTLY_EVENTS = { click: "plotly_click", hover: "plotly_hover", select: "plotly_selected" } as const;

export class PlotDrawing {
  private readonly plotly: PlotlyModule;
  private readonly element: HTMLElement;
  private readonly report: (event: FigureEventName, points: readonly FigurePoint[]) => void;
  private readonly size: ResizeObserver;
  private listens: readonly FigureEventName[] = [];
  private listening = false;
  private busy: Promise<void> | undefined;
  private next: (() => Promise<unknown>) | undefined;
  private readonly pace = new DrawPace();
  private live = false;
  private theme: Theme | undefined;
  private gone = false;

  constructor(
    plotly: PlotlyModule,
    element: HTMLElement,
    report: (event: FigureEventName, points: readonly FigurePoint[]) => void,
  ) {
    this.plotly = plotly;
    this.element = element;
    this.report = report;
    this.size = new ResizeObserver(() => this.fit());
    this.size.observe(element);
  }

  listen(events: readonly FigureEventName[]): void {
    this.listens = events;
  }

  /**
   * Draws a figure. While one is being drawn only the last one asked for waits.
   *
   * @param live a program changes the figure, not the person who looks: it is drawn as often as the page has time for it
   */
  async show(spec: PlotSpec, theme: Theme, height: number, live: boolean): Promise<void> {
    this.live = live;
    // A person who changes the page's colours sees it at once.
    if (!live || theme !== this.theme) this.pace.hurry();
    this.theme = theme;
    this.next = () => this.draw(spec, theme, height);
    this.busy ??= this.drawAll().finally(() => (this.busy = undefined));
    await this.busy;
  }

  remove(): void {
    this.gone = true;
    this.next = undefined;
    this.size.disconnect();
    this.plotly.purge(this.element);
  }

  private async drawAll(): Promise<void> {
    while (this.next) {
      if (this.live) await this.pace.turn();
      await this.drawNext();
    }
  }

  private async drawNext(): Promise<void> {
    const { next: draw } = this;
    this.next = undefined;
    // None where the plot went while it rested.
    if (draw) await (this.live ? this.pace.time(draw) : draw());
  }

  private async draw(spec: PlotSpec, theme: Theme, height: number): Promise<void> {
    // A copy, since plotly writes into what it is given; made only of what is drawn.
    const { data, layout: own } = plotlyCopy(spec) as PlotSpec;
    // What the user zoomed to stays through an update, unless the figure says otherwise.
    const cellText = data.some((trace) => "texttemplate" in trace);
    const layout = {
      uirevision: "kept",
      template: plotTemplate(theme, cellText),
      ...own,
      height,
      autosize: true,
    };
    // Plotly's own types name each trace's fields; a caller's figure is checked by plotly itself.
    await this.plotly.react(this.element, data as Plotly.Data[], layout, CONFIG);
    if (!this.listening) this.hear();
  }

  private hear(): void {
    this.listening = true;
    const plot = this.element as Plotly.PlotlyHTMLElement;
    const pass = (event: FigureEventName) => (happened: unknown) => {
      const { points } = (happened ?? {}) as { points?: readonly object[] };
      if (points && this.listens.includes(event)) this.report(event, points.map(asPoint));
    };
    plot.on(PLOTLY_EVENTS.click, pass("click"));
    plot.on(PLOTLY_EVENTS.hover, pass("hover"));
    plot.on(PLOTLY_EVENTS.select, pass("select"));
  }

  private fit(): void {
    // Before the first drawing there is nothing to fit, and a hidden element has no size to fit to.
    if (!this.listening || this.gone || this.element.offsetWidth === 0) return;
    requestAnimationFrame(() => {
      if (!this.gone && this.element.isConnected) this.plotly.Plots.resize(this.element);
    });
  }
}

/** The fields of plotly's point that mean something to a kernel; the whole has cycles. */
function asPoint(point: {
  curveNumber?: number;
  pointIndex?: number | number[];
  pointNumber?: number | number[];
  data?: { name?: string };
  x?: unknown;
  y?: unknown;
  z?: unknown;
}): FigurePoint {
  const name = point.data?.name;
  return {
    trace: point.curveNumber ?? 0,
    index: point.pointIndex ?? point.pointNumber ?? 0,
    ...(typeof name === "string" && { name }),
    ...value("x", point.x),
    ...value("y", point.y),
    ...value("z", point.z),
  };
}

const value = <K extends "x" | "y" | "z">(key: K, found: unknown): { [P in K]?: string | number } =>
  typeof found === "string" || typeof found === "number" ? ({ [key]: found } as { [P in K]: string | number }) : {};
