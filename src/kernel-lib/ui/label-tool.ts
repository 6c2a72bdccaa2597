/** `AnnotationUI` of a `ClassificationDataset`: pictures get labels, one by one or many at once, by hand or from a model. */
import type { ClassificationChange, ClassificationDataset } from "../data/classification-dataset.js";
import type { ClassificationImage } from "../data/classification-image.js";
import type { AnnotationCommand, AnnotationState } from "../protocol/index.js";
import type { StaticView } from "../comm/widget.js";
import type { AnnotationModel } from "./annotation-model.js";
import type { AnnotationSession } from "./annotation-session.js";
import type { AnnotationTool, ToolCommand, ToolHost } from "./annotation-tool.js";
import { describeLabels, type PictureChange } from "./gallery-widget.js";
import { checkedKeys, keepKeys } from "./key-map-store.js";
import { LabelAssistant } from "./label-assistant.js";
import { obeyMark } from "./marks.js";
import { labelText, sameLabels } from "./picture-row.js";
import { pictures, staticGallery } from "./static-gallery.js";

type Of<T extends AnnotationCommand["type"]> = Extract<AnnotationCommand, { type: T }>;

export class LabelTool implements AnnotationTool {
  readonly name = "Annotation";
  private readonly dataset: ClassificationDataset;
  private readonly session: AnnotationSession;
  private readonly model: AnnotationModel | undefined;

  constructor(dataset: ClassificationDataset, session: AnnotationSession, model?: AnnotationModel) {
    this.dataset = dataset;
    this.session = session;
    this.model = model;
  }

  state(): AnnotationState {
    return this.session.state();
  }

  /** The model begins to judge when the widget is shown. */
  start(host: ToolHost): void {
    if (!this.model || this.session.assistant) return;
    const { session } = this;
    session.assistant = new LabelAssistant(this.model, {
      ids: () => session.all,
      image: (id) => session.image(id),
      progressed: () => host.refresh(),
      judged: () => {
        session.requeue();
        host.refresh();
      },
      failed: (error) => host.fail(error),
    });
    session.assistant.start();
  }

  close(): void {
    this.session.assistant?.stop();
  }

  obey(given: ToolCommand, host: ToolHost): void {
    const command = given as AnnotationCommand;
    switch (command.type) {
      case "label":
        this.label(command, host);
        break;
      case "unlabel":
        this.relabel(this.targets(command.id), () => [], host);
        break;
      case "transfer":
        this.transfer(command, host);
        break;
      case "addLabel":
        this.addLabel(command.label, host);
        break;
      case "flag":
      case "note":
        obeyMark(this.dataset, command, this.session.selection.targets());
        break;
      case "accept":
      case "reject":
      case "acceptAll":
      case "threshold":
      case "train":
      case "stopTraining":
        this.obeyModel(command, host);
        break;
      case "pick":
      case "pickBy":
      case "pickIds":
      case "pickAll":
      case "pickNone":
        this.select(command, host);
        break;
      default:
        this.obeyView(command, host);
    }
  }

  note(change: PictureChange): boolean {
    return this.session.note(change as ClassificationChange);
  }

  reveal(image: object): void {
    const id = this.session.idOf(image as ClassificationImage);
    if (id !== undefined) this.session.list.reveal(id);
  }

  dropUnusable(): string[] {
    return this.session.dropUnusable();
  }

  describe(given: PictureChange): string {
    const change = given as ClassificationChange;
    return describeLabels(change);
  }

  staticView(): Promise<StaticView> {
    const { dataset, labels, counts, total, page, columns } = this.session.state();
    return staticGallery({
      title: `${dataset}: ${pictures(total)}`,
      tiles: page.map((row) => ({ source: row.path, caption: `${row.name}: ${labelText(row.labels)}` })),
      columns,
      heads: ["label", "pictures"],
      rows: labels.map((label, i) => [label, String(counts[i] ?? 0)]),
    });
  }

  private label({ label, id, toggle = false }: Of<"label">, host: ToolHost): void {
    const { session } = this;
    if (id !== undefined) session.list.reveal(id);
    const targets = this.targets(id);
    // Of several, those that lack the label get it; where all have it, all lose it.
    const all = targets.every((target) => session.image(target)?.labels.includes(label));
    const after = (labels: readonly string[]): readonly string[] => {
      if (!toggle) return [label];
      return all ? labels.filter((other) => other !== label) : [...labels.filter((other) => other !== label), label];
    };
    this.relabel(targets, after, host);
    // Only a key press: who chooses from a picture's menu is looking at that picture.
    if (session.autoAdvance && id === undefined && !toggle && session.selection.size === 0) {
      session.list.browse({ type: "move", by: 1 });
    }
  }

  private transfer({ id, from, to }: Of<"transfer">, host: ToolHost): void {
    const { selection, list } = this.session;
    const ids = selection.has(id) ? selection.targets() : [id];
    const listed = ids.filter((one) => list.has(one));
    const after = (labels: readonly string[]): readonly string[] => {
      if (to === null) return [];
      const rest = labels.filter((label) => label !== from && label !== to);
      return [...rest, to];
    };
    this.relabel(listed, after, host);
  }

  private relabel(
    ids: readonly number[],
    after: (labels: readonly string[]) => readonly string[],
    host: ToolHost,
  ): void {
    const changes = new Map<number, readonly string[]>();
    for (const id of ids) {
      const labels = this.session.image(id)?.labels;
      if (labels && !sameLabels(labels, after(labels))) changes.set(id, after(labels));
    }
    if (changes.size > 0) this.dataset.changeLabelsOf(changes);
    else this.sayNothingChanged(ids, host);
  }

  private sayNothingChanged(ids: readonly number[], host: ToolHost): void {
    const image = this.session.image(ids[0]);
    if (!image) return;
    const who = ids.length === 1 ? image.name : `${ids.length} pictures`;
    host.announce(`${who}: ${labelText(image.labels)} already`);
  }

  private targets(id: number | undefined): readonly number[] {
    return id === undefined ? this.session.selection.targets() : [id];
  }

  private addLabel(label: string, host: ToolHost): void {
    const name = label.trim();
    const known = this.dataset.labels.includes(name);
    this.dataset.addLabel(name);
    host.announce(known ? `There is a label ${name} already` : `Label ${name} added`);
  }

  private select(command: Of<"pick" | "pickBy" | "pickIds" | "pickAll" | "pickNone">, host: ToolHost): void {
    const { selection, list } = this.session;
    if (command.type === "pickAll") selection.all();
    else if (command.type === "pickNone") selection.clear();
    else if (command.type === "pickIds") selection.set(command.ids, command.how);
    else {
      const last = list.all.length - 1;
      const position =
        command.type === "pick" ? command.position : Math.min(last, Math.max(0, list.place + command.by));
      if (command.how === "range") selection.range(position);
      else selection.toggle(position);
      list.browse({ type: "select", position });
    }
    host.announce(selection.size === 0 ? "Nothing selected" : `${pictures(selection.size)} selected`);
  }

  private obeyModel(
    command: Of<"accept" | "reject" | "acceptAll" | "threshold" | "train" | "stopTraining">,
    host: ToolHost,
  ): void {
    const { session } = this;
    if (command.type === "threshold") {
      if (command.threshold >= 0 && command.threshold <= 1) session.threshold = command.threshold;
    } else if (command.type === "train") session.assistant?.train();
    else if (command.type === "stopTraining") session.assistant?.stop();
    else if (command.type === "acceptAll") this.accept(session.sure(), host);
    else if (command.type === "accept") {
      this.accept(this.targets(command.id), host);
      this.advance(command.id);
    } else {
      this.reject(this.targets(command.id), host);
      this.advance(command.id);
    }
  }

  private accept(ids: readonly number[], host: ToolHost): void {
    const changes = new Map<number, readonly string[]>();
    for (const id of ids) {
      const suggestion = this.session.assistant?.suggestion(id);
      const labels = this.session.image(id)?.labels ?? [];
      if (suggestion && !sameLabels(labels, [suggestion.label])) changes.set(id, [suggestion.label]);
    }
    if (changes.size === 0) host.announce("There is no suggestion to accept");
    else this.dataset.changeLabelsOf(changes);
  }

  private reject(ids: readonly number[], host: ToolHost): void {
    const rejected = new Map<number, string>();
    for (const id of ids) {
      const suggestion = this.session.assistant?.suggestion(id);
      if (suggestion && !suggestion.agrees) rejected.set(id, suggestion.label);
    }
    if (rejected.size === 0) host.announce("There is no suggestion to reject");
    else this.dataset.rejectLabels(rejected);
  }

  private advance(id: number | undefined): void {
    const { autoAdvance, selection, list } = this.session;
    if (autoAdvance && id === undefined && selection.size === 0) list.browse({ type: "move", by: 1 });
  }

  private obeyView(command: AnnotationCommand, host: ToolHost): void {
    const { session } = this;
    switch (command.type) {
      case "move":
      case "select":
      case "page":
        session.selection.clear();
        session.list.browse(command);
        break;
      case "grid":
        session.list.browse(command);
        break;
      case "choose":
        session.selection.clear();
        session.list.reveal(command.id);
        break;
      case "rows": {
        const rows = session.rows(command.from, command.count);
        const { reader, from } = command;
        host.send({ type: "rows", reader, from, revision: session.listRevision, rows });
        break;
      }
      case "view":
        session.applyView(command.view);
        break;
      case "moveInColumns":
        session.selection.clear();
        session.moveInColumns(command);
        break;
      case "scrollColumn":
        session.labelColumns.scroll(command.label, command.from);
        break;
      case "order":
        session.applyOrder(command.order);
        break;
      case "filter":
        session.applyFilter(command.filter);
        break;
      case "refresh":
        session.refresh();
        break;
      case "keys":
        session.keys = checkedKeys(command.keys);
        keepKeys(session.keys).catch((error: unknown) => host.fail(error));
        break;
      case "autoAdvance":
        session.autoAdvance = command.on ?? !session.autoAdvance;
        break;
    }
  }
}
