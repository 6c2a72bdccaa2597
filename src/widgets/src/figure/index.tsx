/** Figure: plots side by side where there is room, one below the other where there is not. */
import { FIGURE_DEFAULTS, type FigureCommand, type FigureState } from "../../../kernel-lib/protocol/index.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { Plot } from "../base/plot.js";

function Figure({ port }: WidgetProps<FigureState, FigureCommand>) {
  const { panels, listens } = port.state.value;
  return (
    <div class="vt-figure-row">
      {panels.map((panel, index) => (
        <div class="vt-figure-panel" key={index}>
          <Plot
            {...panel}
            live
            listens={listens}
            onPoints={(type, points) => {
              if (port.live.value) port.send({ type, panel: index, points });
            }}
          />
        </div>
      ))}
    </div>
  );
}

export const figure = defineWidget<FigureState, FigureCommand, never>("Figure", "Figure", FIGURE_DEFAULTS, Figure);
