/** The name that a person may have meant. */
import { distance } from 'fastest-levenshtein';

/** Undefined when nothing is near: a far-fetched guess misleads more than none. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const candidates = known
    .map((candidate) => ({ candidate, apart: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.apart - b.apart);
  const [closest] = candidates;
  if (closest && closest.apart <= Math.max(2, Math.floor(name.length / 4))) {
    return closest.candidate;
  }
  if (name.length < 4) return undefined;
  return candidates.find(({ candidate }) => {
    const other = candidate.toLowerCase();
    return other.includes(wanted) || (other.length >= 4 && wanted.includes(other));
  })?.candidate;
}
