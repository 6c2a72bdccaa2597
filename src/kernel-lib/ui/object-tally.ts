/** How many objects have each label, kept up to date change by change. */
export class ObjectTally {
  private readonly counts = new Map<string, number>();

  /** Parallel to `labels`. */
  of(labels: readonly string[]): number[] {
    return labels.map((label) => this.counts.get(label) ?? 0);
  }

  add(objects: readonly { readonly label: string }[], by: 1 | -1): void {
    for (const { label } of objects) this.counts.set(label, (this.counts.get(label) ?? 0) + by);
  }
}
