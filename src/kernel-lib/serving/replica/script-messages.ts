/** What a replica and the thread of its entry script say to each other. */

/** One of the script's models, as `init()` gets it. */
export interface ScriptModel {
  name: string;
  version: number;
  /** Of the file or folder that was registered. */
  path: string;
}

/** What the thread begins with. */
export interface ScriptStart {
  /** Compiled. */
  file: string;
  modelDir: string;
  models: ScriptModel[];
}

export interface ToScript {
  id: number;
  body: Uint8Array;
  contentType: string;
  requestId: string;
}

export type FromScript =
  | { type: "ready" }
  | { type: "answer"; id: number; json: string }
  /** `run()` threw. `status`: the error's own, where it says that it is the request's fault. */
  | { type: "threw"; id: number; status: number | undefined; message: string; where: string };
