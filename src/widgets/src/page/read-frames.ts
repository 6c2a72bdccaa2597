/** Frames out of a body that comes in pieces. */
import type { PageFrame } from "../../../kernel-lib/protocol/index.js";

export interface ReceivedFrame {
  data: PageFrame["data"];
  buffers: DataView[];
}

/** Calls back for each whole frame; ends when the body does. */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  onFrame: (frame: ReceivedFrame) => void,
): Promise<void> {
  const bytes = new ByteQueue(body);
  for (;;) {
    const length = await bytes.take(4);
    if (!length) return;
    const header = await bytes.take(new DataView(length.buffer).getUint32(0, true));
    if (!header) return;
    const { data, buffers } = JSON.parse(new TextDecoder().decode(header)) as PageFrame;
    const views: DataView[] = [];
    for (const size of buffers) {
      const buffer = await bytes.take(size);
      if (!buffer) return;
      views.push(new DataView(buffer.buffer));
    }
    onFrame({ data, buffers: views });
  }
}

/** Bytes of a stream, as many at a time as are asked for. */
class ByteQueue {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;

  constructor(body: ReadableStream<Uint8Array>) {
    this.reader = body.getReader();
  }

  /** So many bytes in memory of their own; undefined where the stream ends before. */
  async take(count: number): Promise<Uint8Array | undefined> {
    while (this.held < count) {
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.chunks.push(value);
      this.held += value.byteLength;
    }
    const taken = new Uint8Array(count);
    for (let filled = 0; filled < count;) filled += this.moveFirst(taken, filled);
    this.held -= count;
    return taken;
  }

  private moveFirst(target: Uint8Array, at: number): number {
    const chunk = this.chunks.shift();
    if (!chunk) return 0;
    const part = chunk.subarray(0, target.byteLength - at);
    target.set(part, at);
    if (part.byteLength < chunk.byteLength) this.chunks.unshift(chunk.subarray(part.byteLength));
    return part.byteLength;
  }
}
