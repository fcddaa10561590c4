/** `down`: stops the embedded stack and its worker; data stays. */
import { readEnvironment } from '../config/environment.js';
import { stopStack } from '../stack/index.js';
import { stackDirectory, type CommandContext } from './context.js';

export async function down({ note, result }: CommandContext): Promise<void> {
  const directory = stackDirectory(readEnvironment());
  await stopStack(directory, { onProgress: note });
  result(
    { stopped: true },
    `The stack is down. Its data stays in ${directory}; \`make up\` continues with it.`,
  );
}
