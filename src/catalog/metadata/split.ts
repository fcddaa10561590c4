/** Which part of a dataset for machine learning a table is, where its name says so. */

export interface Split {
  /** https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html#splits */
  readonly meaning: 'cr:TrainingSplit' | 'cr:ValidationSplit' | 'cr:TestSplit';
  /** As the source calls it: `train`, `val`. */
  readonly word: string;
  /** Of the path of each object of the table, with the word as its only group. */
  readonly pattern: string;
}

/** The words of Hugging Face's loader (https://huggingface.co/docs/hub/datasets-file-names-and-splits). */
const MEANINGS: ReadonlyMap<string, Split['meaning']> = new Map([
  ...(['train', 'training'] as const).map((word) => [word, 'cr:TrainingSplit'] as const),
  ...(['validation', 'valid', 'val', 'dev'] as const).map(
    (word) => [word, 'cr:ValidationSplit'] as const,
  ),
  ...(['test', 'testing', 'eval', 'evaluation'] as const).map(
    (word) => [word, 'cr:TestSplit'] as const,
  ),
]);

/**
 * By a word of the table's own name, else of its folder's: `train`, `data_test_1`, `val__labels`. `undefined` for no
 * such word, or for several (`train_test_ids`).
 * @param table - as `convert/unpack/table-name.ts` makes it: `[a-z0-9_]`, folders joined by `__`
 */
export function splitOf(table: string): Split | undefined {
  let end = table.length;
  for (const name of table.split('__').reverse()) {
    const start = end - name.length;
    const words = name.split('_').filter((word) => MEANINGS.has(word));
    if (words.length > 1) return undefined;
    const [word] = words;
    if (word !== undefined) {
      const at = start + `_${name}_`.indexOf(`_${word}_`);
      const around = [table.slice(0, at), table.slice(at + word.length)];
      const pattern = `^(?:.*/)?${around.join(`(${word})`)}(?:/part-[0-9]+)?[.]parquet$`;
      return { meaning: MEANINGS.get(word)!, word, pattern };
    }
    end = start - '__'.length;
  }
  return undefined;
}
