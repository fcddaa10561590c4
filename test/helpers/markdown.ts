/** Reads the project's own documents: sections, tables, code blocks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** A file of the project, by its path from the root. */
export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The text below a heading that starts so, up to the next heading of any level. Throws when it is not there. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(heading));
  if (start === -1) throw new Error(`There is no heading "${heading}".`);
  const length = lines.slice(start + 1).findIndex((line) => /^#{1,6} /.test(line));
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** Rows of all tables in the text, heads left out, a cell as it is written (an escaped bar unescaped). */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isRule = (line: string | undefined): boolean => /^\| *:?-+/.test(line ?? '');
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

/** First cells of all table rows, without their back-ticks. */
export function firstCells(text: string): string[] {
  return tableRows(text).map(([first]) => unquoted(first!));
}

export function unquoted(cell: string): string {
  return cell.replaceAll('`', '');
}

/** Contents of the fenced code blocks of one language. */
export function codeBlocks(text: string, language: string): string[] {
  const blocks = text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, found]) => found === language).map(([, , code]) => code!);
}

/** Lines of shell commands, joined where they end in a backslash. */
export function shellCommands(text: string): string[] {
  return codeBlocks(text, 'sh')
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
