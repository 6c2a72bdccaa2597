/** What `AnnotationUI` does with one kind of data set: labels of pictures, or boxes in them. */
import type { BrowsingState, GalleryEvent } from "../protocol/index.js";
import type { StaticView } from "../comm/widget.js";
import type { PictureChange } from "./gallery-widget.js";

/** What a tool may ask of the widget that it works in. */
export interface ToolHost {
  /** Says a sentence to the person. */
  announce(text: string): void;
  /** Says why something could not be done. */
  fail(error: unknown): void;
  /** Sends the views what has changed. */
  refresh(): void;
  /** Sends the views an event. */
  send(event: GalleryEvent): void;
}

/** Commands come from outside: a tool takes what it knows and leaves the rest. */
export interface ToolCommand {
  readonly type: string;
}

export interface AnnotationTool {
  readonly name: "Annotation" | "Boxes";
  state(): BrowsingState;
  obey(command: ToolCommand, host: ToolHost): void;
  /** Takes note of a change; says whether the picture is shown here. */
  note(change: PictureChange): boolean;
  /** Chooses the picture where it is listed. */
  reveal(image: object): void;
  /** Lists no more what turned out to be unusable. @returns the pictures' names */
  dropUnusable(): string[];
  /** What a change was, as a sentence. */
  describe(change: PictureChange): string;
  staticView(): Promise<StaticView>;
  /** The widget is shown: what runs in the background begins. */
  start?(host: ToolHost): void;
  /** The widget is closed: what runs in the background ends. */
  close?(): void;
}
