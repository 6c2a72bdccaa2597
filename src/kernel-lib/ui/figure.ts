/**
 * Plots as cells' values.
 *
 * ```ts
 * const figure = new Figure({ data: [{ y: [3, 1, 2] }], layout: { title: { text: "Anything plotly draws" } } });
 * figure.on("click", ({ points }) => console.log(points[0]?.y));
 * figure;                                            // the cell's value
 * figure.update({ data: [{ y: [1, 2, 3] }] });       // every view follows
 * ```
 */
import { FIGURE_EVENTS, type FigureCommand, type FigureEventName, type FigurePoint } from "../protocol/index.js";
import type { PlotSpec, StaticPanel } from "../plots/index.js";
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { describePlot } from "./describe-plot.js";
import { PlotWidget } from "./plot-widget.js";

export interface FigureOptions {
  /** What a screen reader says; made from titles and names by default. */
  description?: string;
  /** In CSS pixels, 80 to 4000; the layout's `height`, else 360. */
  height?: number;
}

/** Points that were clicked, hovered over, or selected. */
export interface FigureEvent {
  type: FigureEventName;
  points: readonly FigurePoint[];
}

export type FigureListener = (event: FigureEvent) => void | Promise<void>;

/**
 * A plot as a cell's value: anything that plotly draws.
 *
 * ```ts
 * const figure = new Figure({ data: [{ y: [3, 1, 2] }] });
 * figure.on("click", ({ points }) => console.log(points[0]?.y));
 * ```
 */
export class Figure extends PlotWidget {
  private spec: PlotSpec;
  private readonly options: FigureOptions;
  private readonly listeners = new Map<FigureListener, FigureEventName>();
  private readonly followers = new Set<() => void>();

  /**
   * @param spec `data` and `layout` as plotly takes them; typed arrays are sent as bytes
   * @throws InvalidOption where `data` is not a list of traces
   */
  constructor(spec: PlotSpec, options: FigureOptions = {}) {
    super();
    knownOptions("Figure", options, ["description", "height"]);
    if (options.height !== undefined) integerOption("height", options.height, 80, 4000);
    this.options = options;
    this.spec = checkSpec(spec);
    this.redraw();
  }

  /** Shows other data, another layout, or both. */
  update(spec: Partial<PlotSpec>): void {
    this.spec = checkSpec({ ...this.spec, ...spec });
    this.redraw();
    for (const follow of this.followers) follow();
  }

  /** Listens to what the user does with the plot; the result stops it. */
  on(event: FigureEventName, listener: FigureListener): () => void {
    this.listeners.set(listener, choiceOption("event", event, FIGURE_EVENTS));
    this.listensChanged();
    return () => {
      this.listeners.delete(listener);
      this.listensChanged();
    };
  }

  /** The figure as one panel of a row. */
  get panel(): StaticPanel {
    const { layout } = this.spec;
    const height = this.options.height ?? (typeof layout?.["height"] === "number" ? layout["height"] : 360);
    return { spec: this.spec, description: this.options.description ?? describePlot(this.spec), height };
  }

  /** The events that somebody listens to. */
  get events(): FigureEventName[] {
    return [...new Set(this.listeners.values())];
  }

  /** Tells the listeners of an event that a view of the figure, or of a row that it is in, has sent. */
  async tell(event: FigureEvent): Promise<void> {
    const heard = [...this.listeners].filter(([, name]) => name === event.type);
    const results = await Promise.allSettled(heard.map(async ([listener]) => listener(event)));
    // One listener's error doesn't keep the event from the others, and is shown all the same.
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** Calls `follow` whenever the figure or what it listens to changes; the result stops it. */
  onUpdate(follow: () => void): () => void {
    this.followers.add(follow);
    return () => this.followers.delete(follow);
  }

  protected override panels(): readonly StaticPanel[] {
    return [this.panel];
  }

  protected override listens(): readonly FigureEventName[] {
    return this.events;
  }

  protected override async onCommand({ type, points }: FigureCommand): Promise<void> {
    await this.tell({ type, points });
  }

  private listensChanged(): void {
    this.redraw();
    for (const follow of this.followers) follow();
  }
}

function checkSpec(spec: PlotSpec): PlotSpec {
  const data: unknown = (spec as Partial<PlotSpec> | undefined)?.data;
  if (!Array.isArray(data) || data.some((trace) => trace === null || typeof trace !== "object")) {
    throw new VitrineError("InvalidOption", {
      option: "data",
      expected: "a list of plotly traces",
      received: quote(data),
    });
  }
  return spec;
}
