/** Texts that strangers have written, as they may go on: into a terminal, a table, a file that others load. */
import type { SourceDescription } from './types.js';

/** Nobody reads further; kept in the history of a workflow, which is small. */
const MOST = { title: 300, subtitle: 500, description: 10_000, name: 200, tags: 100 } as const;

/** Controls but tab and line feed, and marks that turn the direction of what stands around them. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\ufeff]/gu;

/**
 * Without what no reader sees, at most `most` characters; what is cut ends with an ellipsis. `undefined` for nothing,
 * and for what is no text.
 */
export function plainText(text: unknown, most: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  // Twice, as the second half of a pair counts: the whole text may be megabytes.
  const start = text.slice(0, 4 * most).replaceAll(/\r\n?/g, '\n');
  // Half a pair becomes the replacement character.
  const seen = Buffer.from(start.replaceAll(UNSEEN, '')).toString().trim();
  const characters = [...seen];
  if (characters.length <= most && text.length <= 4 * most) return seen === '' ? undefined : seen;
  return `${characters.slice(0, most - 1).join('')}…`;
}

/** On one line. */
export function plainLine(text: unknown, most: number): string | undefined {
  return plainText(
    typeof text === 'string' ? text.slice(0, 4 * most).replaceAll(/\s+/g, ' ') : text,
    most,
  );
}

export function plainDescription(said: SourceDescription): SourceDescription {
  const { title, subtitle, description, licence, creator, sources, tags, ...facts } = said;
  const names = (tags ?? []).slice(0, MOST.tags).flatMap((tag) => plainLine(tag, MOST.name) ?? []);
  return present({
    ...facts,
    title: plainLine(title, MOST.title),
    subtitle: plainLine(subtitle, MOST.subtitle),
    description: plainText(description, MOST.description),
    licence: plainLine(licence, MOST.name),
    creator: plainLine(creator, MOST.name),
    sources: plainText(sources, MOST.description),
    tags: names.length > 0 ? names : undefined,
  });
}

function present(said: { [Key in keyof SourceDescription]: SourceDescription[Key] | undefined }) {
  return Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as SourceDescription;
}
