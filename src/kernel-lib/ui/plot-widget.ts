/** What a single figure and a row of them share: panels in the state, and a picture of them for a notebook without a kernel. */
import { Widget, type StaticView } from "../comm/widget.js";
import { plotsAsPng, plotsAsSvg, plotsAsText, type PlotTheme, type StaticPanel, THEMES } from "../plots/index.js";
import {
  DARK_COLOURS,
  FIGURE_DEFAULTS,
  LIGHT_COLOURS,
  type FigureCommand,
  type FigureEventName,
  type FigurePanel,
  type FigureState,
} from "../protocol/index.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { forTransport } from "./figure-transport.js";
import { escapeHtml } from "./html.js";

export interface PictureOptions {
  /** Colours for a light or a dark page. Default "light". */
  theme?: PlotTheme;
  /** In pixels, 100 to 8000; 640 for one plot and 380 for each of several by default. A PNG has twice as many. */
  width?: number;
}

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

  /** As an SVG picture that needs no browser and no script. */
  svg(options: PictureOptions = {}): string {
    return plotsAsSvg(this.panels(), pictureOptions("svg", options));
  }

  /** As a PNG picture. */
  async png(options: PictureOptions = {}): Promise<Uint8Array> {
    return plotsAsPng(this.panels(), pictureOptions("png", options));
  }

  /**
   * Writes a picture, by the name's end: `.svg` or `.png`.
   *
   * @throws InvalidOption for another end, CannotWrite where the file can't be made
   */
  async save(path: string, options: PictureOptions = {}): Promise<void> {
    const kind = /\.(svg|png)$/i.exec(path)?.[1]?.toLowerCase();
    if (kind === undefined) {
      const received = quote(path);
      throw new VitrineError("InvalidOption", {
        option: "path",
        expected: "a name that ends in .svg or .png",
        received,
      });
    }
    await writeFileAtomic(path, kind === "svg" ? this.svg(options) : await this.png(options), "a plot");
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

function pictureOptions(call: string, { theme = "light", width, ...rest }: PictureOptions) {
  knownOptions(call, rest, ["theme", "width"]);
  choiceOption("theme", theme, THEMES);
  return {
    theme,
    colours: theme === "dark" ? DARK_COLOURS : LIGHT_COLOURS,
    ...(width !== undefined && { width: integerOption("width", width, 100, 8000) }),
  };
}

/** Plots as one picture in HTML, with their descriptions as its alternative text. */
export function plotsAsImage(panels: readonly StaticPanel[]): string {
  const svg = plotsAsSvg(panels, { colours: LIGHT_COLOURS });
  const alt = escapeHtml(panels.map(({ description }) => description).join(" "));
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<img alt="${alt}" src="${source}" style="max-width:100%;height:auto">`;
}
