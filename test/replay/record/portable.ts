import { hostname } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** Without this machine's name and folders, in payloads too. @param folder - of the site that was recorded */
export function portable(value: unknown, folder: string, key = ''): unknown {
  if (typeof value === 'string') {
    if (key !== 'data') return withoutPlaces(value, folder);
    const payload = Buffer.from(value, 'base64').toString();
    return Buffer.from(withoutPlaces(payload, folder)).toString('base64');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => portable(item, folder));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, portable(inner, folder, name)]),
  );
}

function withoutPlaces(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/data')
    .replaceAll(root, '/kaggle-import')
    .replaceAll(new RegExp(`\\b\\d+@${hostname()}\\b`, 'g'), 'worker');
}
