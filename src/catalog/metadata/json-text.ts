/** Words large JSON without keeping the thread of the worker from everybody else. */
import { setImmediate } from 'node:timers/promises';

/** So many elements at a time: a dataset may have a hundred thousand files. */
const ELEMENTS_A_TURN = 500;

/** What `JSON.stringify(content, null, 2)` gives, lists being whatever can be gone through; they are made in turns. */
export async function jsonText(content: Readonly<Record<string, unknown>>): Promise<string> {
  const members: string[] = [];
  for (const [name, value] of Object.entries(content)) {
    if (value === undefined) continue;
    const text = isList(value) ? await listText(value) : indented(value, '  ');
    members.push(`  ${JSON.stringify(name)}: ${text}`);
  }
  return `{\n${members.join(',\n')}\n}`;
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

async function listText(list: Iterable<unknown>): Promise<string> {
  const elements: string[] = [];
  for (const element of list) {
    elements.push(`    ${indented(element, '    ')}`);
    if (elements.length % ELEMENTS_A_TURN === 0) await setImmediate();
  }
  return elements.length === 0 ? '[]' : `[\n${elements.join(',\n')}\n  ]`;
}

/** No text within JSON has a line end of its own. */
function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}
