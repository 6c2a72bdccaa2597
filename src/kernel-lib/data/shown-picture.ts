/** An encoded picture that a notebook's cell shows and that can be written to a file. */
import { writeFileAtomic } from "./atomic-file.js";
import type { EncodedPicture } from "./thumbnail.js";

/** An encoded picture that a cell shows, and that `save` writes to a file. */
export class ShownPicture implements EncodedPicture {
  readonly bytes: Uint8Array;
  /** "image/png" or "image/jpeg". */
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  /** What is to be seen, for who can't see it. */
  readonly description: string;

  constructor(picture: EncodedPicture, description: string) {
    this.bytes = picture.bytes;
    this.mime = picture.mime;
    this.width = picture.width;
    this.height = picture.height;
    this.description = description;
  }

  /** Writes the file, whole or not at all, whatever its name ends with. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, this.bytes, "a picture");
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    return { [this.mime]: Buffer.from(this.bytes).toString("base64"), "text/plain": this.description };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.description;
  }
}
