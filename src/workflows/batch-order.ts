/** Who is next in a batch: in the order of the configuration, but large datasets leave places to small ones. */

/** More names wait in vain: each is taken along when the batch continues as new. */
const MAX_PENDING = 1_000;

export interface BatchOrder {
  readonly pending: readonly string[];
  /** Of those pending and begun. */
  readonly large: readonly string[];
  add(pending: readonly string[], large?: readonly string[]): void;
  /** Whether those who wait may soon be too few for all places. */
  wantsMore(): boolean;
  /** Takes the next one that may begin; `undefined` when there is none, or none but large ones whose places are taken. */
  take(hasMore: boolean): string | undefined;
  /** Of one of the run before. */
  begun(dataset: string): void;
  ended(dataset: string): void;
  /** There are more places from now on, or fewer. */
  resize(places: number): void;
}

/** @param places - large datasets have half of them, and all once nothing else is left */
export function createBatchOrder(
  places: number,
  before: { readonly pending: readonly string[]; readonly large?: readonly string[] },
): BatchOrder {
  const pending = [...before.pending];
  const large = new Set(before.large);
  const begun = new Set<string>();
  const isSmall = (dataset: string): boolean => !large.has(dataset);

  return {
    pending,
    get large() {
      return [...large];
    },
    add(names, largeOnes = []) {
      pending.push(...names);
      for (const name of largeOnes) large.add(name);
    },
    wantsMore() {
      return pending.filter(isSmall).length < places && pending.length < MAX_PENDING;
    },
    take(hasMore) {
      const hasSmall = hasMore || pending.some(isSmall);
      const ofLarge = hasSmall ? Math.max(1, Math.floor(places / 2)) : places;
      const hasPlace = begun.size < ofLarge;
      const at = pending.findIndex((dataset) => hasPlace || isSmall(dataset));
      if (at === -1) return undefined;
      const [dataset] = pending.splice(at, 1);
      if (!isSmall(dataset!)) begun.add(dataset!);
      return dataset;
    },
    begun(dataset) {
      if (!isSmall(dataset)) begun.add(dataset);
    },
    ended(dataset) {
      begun.delete(dataset);
      large.delete(dataset);
    },
    resize(count) {
      places = count;
    },
  };
}
