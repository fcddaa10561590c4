/** Says in words what a CSV file does not tell for sure, so that a person can pin it. */
import type { DetectedDialect } from './detect.js';
import type { TextFile } from './encoding.js';

/** Scores nearer to each other than this do not decide. */
const DOUBT = 0.1;
const SHOWN_CHARACTERS = 120;

/** One warning for each guess that could have gone another way. */
export function guesses(text: TextFile, detected: DetectedDialect): string[] {
  return [
    ...guessedEncoding(text),
    ...guessedDelimiter(detected),
    ...guessedQuotes(detected),
    ...guessedHeader(detected),
  ];
}

function guessedEncoding({ decision }: TextFile): string[] {
  if (decision.certainty !== 'guess') return [];
  const { chosen, evidence, alternatives, pin } = decision;
  const others = alternatives.map(
    (one) => `${one.chosen} reads ${one.rows.map(([cell]) => JSON.stringify(cell)).join(', ')}`,
  );
  const told = [`${chosen} (${evidence})`, ...others].join('; ');
  return [`the encoding is a guess: ${told}; pin it: ${pin}`];
}

function guessedDelimiter({ candidates: [best, next] }: DetectedDialect): string[] {
  if (!best || !next || next.fields < 2 || best.score - next.score > DOUBT) return [];
  if (next.delimiter === best.delimiter) return [];
  const show = ({ delimiter, fields, score }: typeof next): string =>
    `${JSON.stringify(delimiter)} (${fields} fields, score ${score})`;
  return [`the delimiter is a guess: ${show(best)} or ${show(next)}; pin it under csv: delimiter`];
}

/** Readings of the same fields that differ in their texts. */
function guessedQuotes({
  candidates: [best, ...others],
  blanksBeforeQuotes,
}: DetectedDialect): string[] {
  const warnings: string[] = [];
  const equal = others.filter(
    ({ delimiter, fields, score }) =>
      delimiter === best!.delimiter && fields === best!.fields && score === best!.score,
  );
  const escape = equal.find((one) => one.quote === best!.quote)?.escape;
  if (escape !== undefined) {
    warnings.push(`the escape is a guess: ${best!.escape} or ${escape}; pin it under csv: escape`);
  }
  const quote = equal.find((one) => one.quote !== best!.quote)?.quote;
  if (quote !== undefined) {
    warnings.push(`the quote is a guess: ${best!.quote} or ${quote}; pin it under csv: quote`);
  }
  if (blanksBeforeQuotes) {
    warnings.push('some quotes stand behind blanks: they are part of their fields and open none');
  }
  return warnings;
}

function guessedHeader({ titles, skippedText, headerGuessed }: DetectedDialect): string[] {
  const warnings: string[] = [];
  if (titles > 0) {
    const shown = JSON.stringify(skippedText.slice(0, SHOWN_CHARACTERS));
    warnings.push(
      `what stands above the table is left out: ${shown}; pin it under csv: skip_lines`,
    );
  }
  if (headerGuessed) {
    warnings.push(
      'nothing tells the header from a record: the first is taken for it; pin it under csv: header',
    );
  }
  return warnings;
}
