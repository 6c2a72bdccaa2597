/** Where pictures for a text come from. Any provider is a few lines: an object with a name and a `search`. */

export interface FoundImage {
  /** Of the picture's file. */
  readonly url: string;
  readonly title?: string | undefined;
  /** As its publisher writes it: "CC BY 4.0". */
  readonly licence?: string | undefined;
  readonly licenceUrl?: string | undefined;
  readonly author?: string | undefined;
  /** The page that shows the picture. */
  readonly page?: string | undefined;
}

export interface ImageProvider {
  /** For messages and for the attribution. */
  readonly name: string;
  /** Up to `count` pictures, the best first. */
  search(query: string, options: { count: number; signal?: AbortSignal | undefined }): Promise<readonly FoundImage[]>;
}
