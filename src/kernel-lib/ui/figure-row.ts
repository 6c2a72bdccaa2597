/** Figures side by side where there is room, one below the other where there is not. */
import type { StaticPanel } from "../plots/index.js";
import type { FigureCommand, FigureEventName } from "../protocol/index.js";
import type { Figure } from "./figure.js";
import { PlotWidget } from "./plot-widget.js";

/** Figures side by side, as `figureRow(first, second)` makes them. */
export class FigureRow extends PlotWidget {
  private readonly figures: readonly Figure[];
  private readonly unsubscribe: readonly (() => void)[];

  constructor(figures: readonly Figure[]) {
    super();
    this.figures = [...figures];
    this.unsubscribe = this.figures.map((figure) => figure.onUpdate(() => this.redraw()));
    this.redraw();
  }

  override close(): void {
    for (const stop of this.unsubscribe) stop();
    super.close();
  }

  protected override panels(): readonly StaticPanel[] {
    return this.figures.map((figure) => figure.panel);
  }

  protected override listens(): readonly FigureEventName[] {
    return [...new Set(this.figures.flatMap((figure) => figure.events))];
  }

  protected override async onCommand({ type, panel, points }: FigureCommand): Promise<void> {
    await this.figures[panel]?.tell({ type, points });
  }
}

/** Shows figures side by side; each stays live, and its listeners hear its own events. */
export function figureRow(...figures: Figure[]): FigureRow {
  return new FigureRow(figures);
}
