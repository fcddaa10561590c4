/** What the reading has to say, as a table of personal data may show it: the shape of its texts, none of their content. */
import type { Decision } from '../read/decision.js';
import type { TextRelation } from '../relation.js';
import { mask, shown } from './mask.js';

/** What stands above and below a table is kept as long as it is; rows that could be persons are not. */
export function maskedDecision(decision: Decision): Decision {
  const { alternatives, leavesOut, evidence } = decision;
  return {
    ...decision,
    // Words of the file stand in quotes: how an encoding reads them.
    ...(decision.about === 'encoding' && {
      evidence: evidence.replace(/(?<=, read as ).*/su, (words) =>
        words.replace(/"(?:[^"\\]|\\.)*"/gu, (word) => mask(word)),
      ),
    }),
    alternatives: alternatives.map(({ chosen, rows }) => ({
      chosen,
      rows: rows.map((row) => row.map((cell) => shown(cell, true))),
    })),
    ...(leavesOut && {
      leavesOut: { ...leavesOut, text: shown(leavesOut.text, true, leavesOut.text.length) },
    }),
  };
}

/** What stands above the table could name a person, and so could the values that a column may have. */
export function maskedDialect(dialect: TextRelation['dialect']): TextRelation['dialect'] {
  const { domains: _hidden, ...others } = dialect;
  const { skippedText } = others;
  return typeof skippedText === 'string'
    ? { ...others, skippedText: shown(skippedText, true, skippedText.length) }
    : others;
}
