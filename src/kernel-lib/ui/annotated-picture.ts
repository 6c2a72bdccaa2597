/** A picture of a data set as models and galleries take it. */
export interface AnnotatedPicture {
  readonly name: string;
  readonly storageId: string;
  readonly storagePath: string;
  readonly width: number;
  readonly height: number;
  readonly labels: readonly string[];
}
