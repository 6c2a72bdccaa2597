/** What a picture's file says of it. */

export interface ImageFacts {
  /** The file's name. */
  name: string;
  /** The first 16 hex digits of the SHA-256 of the file: the same on every machine, and for two copies of one file. */
  storageId: string;
  /** The file's absolute path. */
  storagePath: string;
  /** In pixels, as displayed: after EXIF orientation. */
  width: number;
  height: number;
}
