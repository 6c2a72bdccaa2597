/**
 * The events that vitrine writes, as protocol buffers. Field numbers are those of TensorBoard's event.proto, summary.proto and
 * tensor.proto; a field that is 0 is left out where the library of protocol buffers leaves it out.
 */
import { ProtobufWriter } from "../hub/protobuf.js";
import type { Histogram } from "./histogram.js";

/** When and where on the horizontal axis. */
export interface EventTime {
  /** Whole, from 0. */
  step: number;
  /** Seconds since 1970. */
  wallTime: number;
}

/** A picture as a file holds it. */
export interface EventPicture {
  /** PNG or JPEG. */
  bytes: Uint8Array;
  /** In pixels. */
  width: number;
  height: number;
}

const message = () => new ProtobufWriter();

/** The first event of every file. */
export function versionEvent(wallTime: number): Uint8Array {
  // Event: wall_time = 1, file_version = 3, source_metadata = 10; SourceMetadata: writer = 1.
  const event = eventAt({ wallTime, step: 0 });
  return event.text(3, "brain.Event:2").message(10, message().text(1, "vitrine")).finish();
}

/** One number of one curve. */
export function scalarEvent(tag: string, value: number, time: EventTime): Uint8Array {
  return summaryEvent(message().text(1, tag).float(2, value), time);
}

/** A picture; TensorBoard keeps one for each step. */
export function imageEvent(tag: string, { bytes, width, height }: EventPicture, time: EventTime): Uint8Array {
  // Summary.Image: height = 1, width = 2, colorspace = 3 (RGB is 3), encoded_image_string = 4.
  const image = message().integer(1, height).integer(2, width).integer(3, 3).bytes(4, bytes);
  return summaryEvent(message().text(1, tag).message(4, image), time);
}

export function histogramEvent(tag: string, histogram: Histogram, time: EventTime): Uint8Array {
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogram;
  const parts = message().double(1, min).double(2, max).double(3, count).double(4, sum).double(5, sumOfSquares);
  return summaryEvent(message().text(1, tag).message(5, parts.doubles(6, limits).doubles(7, counts)), time);
}

const DT_FLOAT = 1;
const DT_STRING = 7;

/** Markdown. */
export function textEvent(tag: string, markdown: string, time: EventTime): Uint8Array {
  // TensorProto: dtype = 1, tensor_shape = 2, string_val = 8; TensorShapeProto: dim = 2 { size = 1 }.
  const shape = message().message(2, message().integer(1, 1));
  const tensor = message().integer(1, DT_STRING).message(2, shape).text(8, markdown);
  return summaryEvent(pluginValue(tag, "text", message(), tensor), time);
}

export type HyperParameter = number | string | boolean;

/** What a run was told, for TensorBoard's table of runs. */
export function sessionStartEvent(
  parameters: Readonly<Record<string, HyperParameter>>,
  name: string,
  wallTime: number,
): Uint8Array {
  // SessionStartInfo: hparams = 1, group_name = 4, start_time_secs = 5. Value: number 2, string 3, bool 4.
  const session = message();
  for (const [key, value] of Object.entries(parameters)) {
    const typed = message();
    if (typeof value === "number") typed.double(2, value);
    else if (typeof value === "string") typed.text(3, value);
    else typed.integer(4, value ? 1 : 0);
    session.message(1, message().text(1, key).message(2, typed));
  }
  session.text(4, name).double(5, wallTime);
  return sessionEvent("_hparams_/session_start_info", message().message(3, session), wallTime);
}

/** How a run ended. */
export function sessionEndEvent(success: boolean, wallTime: number): Uint8Array {
  // SessionEndInfo: status = 1 (1 success, 2 failure), end_time_secs = 2.
  const session = message()
    .integer(1, success ? 1 : 2)
    .double(2, wallTime);
  return sessionEvent("_hparams_/session_end_info", message().message(4, session), wallTime);
}

/** @param graph a GraphDef */
export function graphEvent(graph: Uint8Array, wallTime: number): Uint8Array {
  return eventAt({ wallTime, step: 0 }).bytes(4, graph).finish();
}

function sessionEvent(tag: string, data: ProtobufWriter, wallTime: number): Uint8Array {
  // The plugin reads the metadata alone, and asks for an empty tensor beside it.
  const empty = message().integer(1, DT_FLOAT).message(2, message().message(2, message()));
  return summaryEvent(pluginValue(tag, "hparams", data, empty), { wallTime, step: 0 });
}

/** Summary.Value: tag = 1, tensor = 8, metadata = 9; SummaryMetadata: plugin_data = 1 { plugin_name = 1, content = 2 }. */
function pluginValue(tag: string, plugin: string, content: ProtobufWriter, tensor: ProtobufWriter): ProtobufWriter {
  const data = message().text(1, plugin);
  if (content.length > 0) data.message(2, content);
  return message().text(1, tag).message(8, tensor).message(9, message().message(1, data));
}

/** Event: wall_time = 1, step = 2, summary = 5; Summary: value = 1. */
const summaryEvent = (value: ProtobufWriter, time: EventTime): Uint8Array =>
  eventAt(time).message(5, message().message(1, value)).finish();

function eventAt({ wallTime, step }: EventTime): ProtobufWriter {
  const event = message();
  if (wallTime !== 0) event.double(1, wallTime);
  if (step !== 0) event.integer(2, step);
  return event;
}
