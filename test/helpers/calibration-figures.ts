/** The figures of docs/conversion.md: how readings came out, and how often each certainty was right. */
import type { Certainty, Decision, DecisionSubject } from '../../src/convert/read/decision.js';
import type { Outcome } from './truth.js';

export interface Judged {
  readonly file: string;
  /** Of packages as they are, or made from them. */
  readonly set: 'files' | 'variants';
  readonly outcome: Outcome;
  readonly decisions: readonly Decision[];
  /** Of what it decided otherwise than is right. */
  readonly wrong: readonly DecisionSubject[];
}

const OUTCOMES: readonly Outcome[] = [
  ...(['right and silent', 'right and told', 'false alarm', 'right but not told'] as const),
  ...(['wrong and told', 'wrong and silent'] as const),
];
const CERTAINTIES: readonly Certainty[] = ['sure', 'likely', 'guess'];

/** Two tables in Markdown, as Prettier writes them. */
export function calibrationFigures(judged: readonly Judged[]): string {
  const outcomes = OUTCOMES.map((outcome) => [
    outcome,
    ...(['files', 'variants'] as const).map((set) =>
      String(judged.filter((one) => one.set === set && one.outcome === outcome).length),
    ),
  ]);
  const subjects = [
    ...new Set(judged.flatMap(({ decisions }) => decisions.map(({ about }) => about))),
  ];
  const certainties = subjects.sort().map((about) => [
    about,
    ...CERTAINTIES.map((certainty) => {
      const made = judged.filter(({ decisions }) =>
        decisions.some((one) => one.about === about && one.certainty === certainty),
      );
      const wrong = made.filter(({ wrong: subjectsOf }) => subjectsOf.includes(about));
      return made.length === 0 ? '-' : `${wrong.length} of ${made.length}`;
    }),
  ]);
  return [
    table(['reading', 'files', 'variants'], outcomes),
    '',
    table(['wrong about', ...CERTAINTIES], certainties),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, 3, ...rows.map((row) => row[at]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
