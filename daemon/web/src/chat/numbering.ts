// Numbers for the places of items, which stay the same when others come before or behind.

export class Numbering {
  // Counts up when nothing of what was there is there any more: the same numbers mean others then.
  series = 0;
  private places = new Map<string, number>();

  // The place of the item that has the number 0; it may be one that is not there.
  zeroOf(keys: string[]): number {
    const kept = keys.findIndex((key) => this.places.has(key));
    const zero = kept < 0 ? 0 : kept - this.places.get(keys[kept]!)!;
    if (kept < 0 && this.places.size > 0) this.series++;
    this.places = new Map(keys.map((key, at) => [key, at - zero]));
    return zero;
  }
}
