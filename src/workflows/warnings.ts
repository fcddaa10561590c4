/** Warnings as results carry them: a few, and short. Temporal keeps 2 MB of a result; the catalog keeps them all. */

const MAX_CHARACTERS = 300;

/** The first `max` of them, and a word when there are more. */
export function someOf(warnings: readonly string[], max: number): string[] {
  const some = warnings.slice(0, max).map(shortened);
  return warnings.length <= max ? some : [...some, 'more warnings are in the catalog'];
}

function shortened(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)} ...`;
}
