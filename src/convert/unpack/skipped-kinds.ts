/** What of a dataset is no table, counted by kind. */
import type { SkippedFile } from '../types.js';
import { NOT_WANTED } from './file-patterns.js';
import { extensionOf } from './table-kind.js';

const KINDS_SHOWN = 5;

/** `120 jpg, 2 ipynb, 1 sheet without records`; absent when nothing was skipped that nobody has asked to leave out. */
export function skippedKinds(skipped: readonly SkippedFile[]): string | undefined {
  const counts = new Map<string, number>();
  for (const file of skipped) {
    // What has failed is told by itself.
    if (file.reason === NOT_WANTED || file.failure) continue;
    const kind = kindOf(file);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const others = kinds.slice(KINDS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...kinds.slice(0, KINDS_SHOWN).map(([kind, count]) => `${count} ${kind}`),
    ...(others > 0 ? [`${others} of other kinds`] : []),
  ].join(', ');
}

function kindOf({ originalPath, reason }: SkippedFile): string {
  const inside = /\.[a-z0-9]+#/i.test(originalPath);
  const [what, ...details] = reason.split(': ');
  const detail = details
    .join(': ')
    .replace(/^an? /, '')
    .replace(/, because [^]*$/, '');
  if (inside) return what === 'not tabular' ? detail : `sheet or table: ${what}`;
  const extension = extensionOf(originalPath) || 'file without extension';
  return what === 'not tabular' && detail === '' ? extension : `${extension} (${detail || what})`;
}
