/** docs/conversion.md says what the code does: every rule and token by its name, every example by running it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../src/errors/index.js';
import { PINNABLE } from '../../src/config/pinnable.js';
import { dayFormats, dayRule } from '../../src/convert/prove/dates.js';
import { pinnedRule } from '../../src/convert/prove/pinned.js';
import { NULL_TOKENS, rulesBehindBlanks, rulesFor } from '../../src/convert/prove/rules.js';
import { AS_TEXT_RULE, BY_VALUE_RULE } from '../../src/convert/write/portable.js';
import { convert } from '../helpers/convert.js';

const PAGE = readFileSync(new URL('../../docs/conversion.md', import.meta.url), 'utf8');

/** Body rows of the table that follows a marker, each as its cells. */
function tableAfter(marker: string): string[][] {
  const lines = PAGE.slice(PAGE.indexOf(marker)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The code spans of a text, with their blanks. */
function spans(text: string): string[] {
  return [...text.matchAll(/`([^`]*)`/g)].map((match) => match[1]!);
}

const EXAMPLES = tableAfter('<!-- examples -->').map(([values, cells, type, rule]) => ({
  values: values!,
  cells: spans(cells!),
  type: spans(type!)[0]!,
  rule: spans(rule!)[0]!,
}));

describe('the examples', () => {
  test.each(EXAMPLES)('$values become $type', async ({ cells, type, rule }) => {
    const { description } = await convert(`x,end\n${cells.map((cell) => `${cell},.\n`).join('')}`);
    const [{ proof }] = description.columns as [(typeof description.columns)[number]];
    expect([proof.type, proof.rule]).toEqual([type, rule]);
  });
});

test('every rule that can be recorded is on the page, and no other', () => {
  const pinned = Object.keys(PINNABLE).map((type) => pinnedRule({ type }).rule);
  const free = [...rulesFor('.'), ...rulesFor(',')];
  const days = ['31/01/2024', '31/01/2024 10:20'].flatMap(dayFormats).map(dayRule);
  const existing = new Set([
    ...[...free, ...rulesBehindBlanks([...free, ...days]), ...days].map(({ rule }) =>
      rule.replace(/%.*?(?= behind|$)/, '<format>'),
    ),
    ...pinned,
    pinnedRule({ type: 'DOUBLE' }, ',').rule,
    pinnedRule({ type: 'DATE', format: '%Y' }).rule.replace(' %Y', ''),
    'text',
    ...['copied', AS_TEXT_RULE, BY_VALUE_RULE],
  ]);
  const documented = tableAfter('| `proof.rule`').flatMap(([rules]) => spans(rules!));
  expect([...new Set(documented)].sort()).toEqual([...existing].sort());
});

test('every null token and every type that can be pinned is on the page', () => {
  const tokens = /The tokens: (.*?)\. How often/.exec(PAGE)![1]!;
  expect(spans(tokens)).toEqual(NULL_TOKENS);
  const types = /Types that can be pinned: (.*?)\. A pinned type/.exec(PAGE)![1]!;
  const named = spans(types).filter((type) => !type.startsWith('DECIMAL('));
  expect(named.sort()).toEqual(Object.keys(PINNABLE).sort());
});

test('every error code on the page exists', () => {
  const codes = spans(PAGE).filter((span) => /^[A-Z]+(_[A-Z]+)+$/.test(span));
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !(code in errorTable))).toEqual([]);
});
