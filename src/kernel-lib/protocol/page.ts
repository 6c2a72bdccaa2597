/**
 * A widget on a page of its own, without a notebook: what its server and the page say to each other over HTTP.
 *
 * The page reads `GET messages`, a body that never ends: frames, each four bytes with the length of the header (little-endian), the
 * header as JSON, then the bytes of its buffers one after the other. It answers by `POST command`, a comm's data as JSON.
 */
import type { WidgetName } from "./names.js";

export interface PageFrame {
  /** What travels in a comm in a notebook: widget protocol 2.1. */
  data: PageData;
  /** The lengths of the buffers that follow, in bytes. */
  buffers: readonly number[];
}

export type PageData =
  | { method: "open"; widget: WidgetName }
  | { method: "update"; state: { readonly [trait: string]: unknown } }
  | { method: "echo_update"; state: { readonly [trait: string]: unknown } }
  | { method: "custom"; content: unknown };

export const PAGE_MESSAGES = "/messages";
export const PAGE_COMMAND = "/command";
