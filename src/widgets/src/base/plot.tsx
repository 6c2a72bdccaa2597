/** One plotly figure in a component: follows its specification, the theme and the space there is. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { FigureEventName, FigurePoint, PlotSpec } from "../../../kernel-lib/protocol/index.js";
import { useTheme } from "./frame.js";
import { PlotDrawing } from "./plot-drawing.js";
import { loadPlotly } from "./plotly.js";

export interface PlotProps {
  spec: PlotSpec;
  /** What a screen reader says for the plot. */
  description: string;
  /** In CSS pixels. */
  height: number;
  /** A program changes the figure, not the person who looks at it: other work of the page comes first. Default false. */
  live?: boolean;
  listens?: readonly FigureEventName[] | undefined;
  onPoints?: ((event: FigureEventName, points: readonly FigurePoint[]) => void) | undefined;
}

export function Plot({ spec, description, height, live = false, listens = NOTHING, onPoints }: PlotProps) {
  const theme = useTheme().value;
  const place = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<PlotDrawing>();
  const [problem, setProblem] = useState("");
  const report = useRef(onPoints);
  report.current = onPoints;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let gone = false;
    let made: PlotDrawing | undefined;
    loadPlotly().then(
      (plotly) => {
        if (gone) return;
        made = new PlotDrawing(plotly, element, (event, points) => report.current?.(event, points));
        setDrawing(made);
      },
      (error: unknown) => {
        if (!gone) setProblem(`The plot library could not be loaded: ${String(error)}`);
      },
    );
    return () => {
      gone = true;
      made?.remove();
    };
  }, []);

  useEffect(() => {
    if (!drawing) return;
    drawing.listen(listens);
    drawing.show(spec, theme, height, live).then(
      () => setProblem(""),
      (error: unknown) => setProblem(`The plot could not be drawn: ${String(error)}`),
    );
  }, [drawing, spec, theme, height, live, listens]);

  return (
    <div class="vt-plot" style={{ height: `${height}px` }}>
      <div ref={place} class="vt-plot-canvas" role="figure" aria-label={description} />
      {(!drawing || problem) && (
        <p class="vt-plot-waiting" role={problem ? "alert" : undefined}>
          {problem || "Loading the plot …"}
        </p>
      )}
    </div>
  );
}

const NOTHING: readonly FigureEventName[] = [];
