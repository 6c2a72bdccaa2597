/** How many pictures have each label, kept up to date change by change: counting 100,000 pictures afresh for each key would be slow. */
export class LabelTally {
  private readonly counts = new Map<string, number>();
  private without = 0;

  constructor(pictures: Iterable<readonly string[]>) {
    for (const labels of pictures) this.add(labels, 1);
  }

  /** Pictures without any label. */
  get unlabelled(): number {
    return this.without;
  }

  /** Parallel to `labels`. */
  of(labels: readonly string[]): number[] {
    return labels.map((label) => this.counts.get(label) ?? 0);
  }

  change(before: readonly string[], after: readonly string[]): void {
    this.add(before, -1);
    this.add(after, 1);
  }

  private add(labels: readonly string[], by: number): void {
    if (labels.length === 0) this.without += by;
    for (const label of new Set(labels)) this.counts.set(label, (this.counts.get(label) ?? 0) + by);
  }
}
