/** Curves, pictures, histograms, texts for TensorBoard: `tensorboard --logdir FOLDER` shows them while they grow. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { VitrineError } from "../structures/errors.js";
import { writeReason } from "../structures/write-reason.js";
import { integerOption, textOption } from "../structures/options.js";
import { histogramOf } from "./histogram.js";
import {
  type EventPicture,
  type EventTime,
  histogramEvent,
  type HyperParameter,
  imageEvent,
  scalarEvent,
  sessionEndEvent,
  sessionStartEvent,
  textEvent,
  versionEvent,
} from "./tensorboard-events.js";
import { frameRecord } from "./tensorboard-record.js";

/** Distinguishes the files of one process and second. */
let count = 0;

/** One event file in a folder. Each call appends one whole record, so that a killed process leaves a file that can be read. */
export class EventWriter {
  /** The file that is written. */
  readonly path: string;
  private file: number | undefined;

  /** @throws CannotWrite */
  constructor(logdir: string) {
    textOption("logdir", logdir);
    const now = Date.now() / 1000;
    const second = String(Math.floor(now)).padStart(10, "0");
    const host = hostname().replace(/[^\w.-]/g, "-");
    this.path = join(logdir, `events.out.tfevents.${second}.${host}.${process.pid}.${count++}`);
    this.guard(() => {
      mkdirSync(logdir, { recursive: true });
      this.file = openSync(this.path, "ax");
    });
    this.append(versionEvent(now));
  }

  /**
   * Adds one point to a curve. `tag` names the curve, its part before the first slash the group that TensorBoard shows it in.
   *
   * @param step where on the horizontal axis; whole, from 0
   * @param wallTime seconds since 1970; default: now
   * @throws NotReady after `close`, CannotWrite
   */
  scalar(tag: string, value: number, step: number, wallTime: number = Date.now() / 1000): void {
    this.append(scalarEvent(...at(tag, value, step, wallTime)));
  }

  /** Adds a picture: the bytes of a PNG or JPEG, and its size in pixels. @throws as `scalar` */
  image(tag: string, picture: EventPicture, step: number, wallTime: number = Date.now() / 1000): void {
    this.append(imageEvent(...at(tag, picture, step, wallTime)));
  }

  /** Adds a histogram of numbers; those that are not finite don't count, and where none is nothing is added. @throws as `scalar` */
  histogram(
    tag: string,
    values: Float32Array | readonly number[],
    step: number,
    wallTime: number = Date.now() / 1000,
  ): void {
    const histogram = histogramOf([Float32Array.from(values)]);
    if (histogram) this.append(histogramEvent(...at(tag, histogram, step, wallTime)));
  }

  /** Adds a text, in Markdown. @throws as `scalar` */
  text(tag: string, markdown: string, step: number, wallTime: number = Date.now() / 1000): void {
    this.append(textEvent(...at(tag, markdown, step, wallTime)));
  }

  /** Says what the run was told, once, for TensorBoard's table of runs. @throws NotReady, CannotWrite */
  hyperParameters(parameters: Readonly<Record<string, HyperParameter>>, name = "", wallTime = Date.now() / 1000): void {
    this.append(sessionStartEvent(parameters, name, wallTime));
  }

  /** Says that the run whose hyper-parameters are there has ended. @throws NotReady, CannotWrite */
  sessionEnd(success: boolean, wallTime: number = Date.now() / 1000): void {
    this.append(sessionEndEvent(success, wallTime));
  }

  /** Events that were made elsewhere. @internal */
  add(event: Uint8Array): void {
    this.append(event);
  }

  /** Waits until all is on the disk. */
  flush(): void {
    const { file } = this;
    if (file !== undefined) this.guard(() => fsyncSync(file));
  }

  /** Ends the file. Closing twice does nothing. */
  close(): void {
    this.flush();
    const { file } = this;
    this.file = undefined;
    if (file !== undefined) closeSync(file);
  }

  private append(event: Uint8Array): void {
    const { file } = this;
    if (file === undefined) {
      throw new VitrineError("NotReady", { operation: "Writing an event", reason: "the writer is closed" });
    }
    const record = frameRecord(event);
    this.guard(() => {
      for (let done = 0; done < record.length;) done += writeSync(file, record, done);
    });
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (cause) {
      throw new VitrineError(
        "CannotWrite",
        { path: this.path, what: "a TensorBoard event file", reason: writeReason(cause) },
        { cause },
      );
    }
  }
}

function at<T>(tag: string, value: T, step: number, wallTime: number): [string, T, EventTime] {
  return [textOption("tag", tag), value, { step: integerOption("step", step, 0), wallTime }];
}
