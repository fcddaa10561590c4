/** The random passwords of the embedded services, made once and kept in `.stack/secrets.json`. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ImportError } from '../errors/index.js';

const shape = z.object({
  postgresPassword: z.string(),
  minioAccessKey: z.string(),
  minioSecretKey: z.string(),
});
export type StackSecrets = z.infer<typeof shape>;

/** Reads them, or makes them on first use. Thrown when the file is damaged: STACK_UNUSABLE. */
export function stackSecrets(directory: string): StackSecrets {
  const file = join(directory, 'secrets.json');
  const text = readIfThere(file) ?? create(directory, file);
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new ImportError('STACK_UNUSABLE', { place: file, found: 'a damaged file' });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function create(directory: string, file: string): string {
  const secrets: StackSecrets = {
    postgresPassword: randomBytes(18).toString('base64url'),
    minioAccessKey: `kaggle-import-${randomBytes(3).toString('hex')}`,
    minioSecretKey: randomBytes(24).toString('base64url'),
  };
  mkdirSync(directory, { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  try {
    // A link fails when the file is there: two first uses at once agree on the same secrets.
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(file, 'utf8');
}
