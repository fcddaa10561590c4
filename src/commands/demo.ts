/** `demo`: the whole main job on the embedded stack, with the sample datasets. */
import { addresses } from './up.js';
import type { CommandContext } from './context.js';
import { ensureStack } from './ensure-stack.js';
import { runImports, throwIfAnyFailed } from './import.js';
import { importSummary } from './summary.js';

/** What a person may do next, with what has been imported. */
export const TO_TRY = [
  'make head NAME=titanic',
  `make sql Q="SELECT 'iris' AS name, count(*) FROM iris UNION ALL SELECT 'wine', count(*) FROM wine"`,
  // Its first line says what to install.
  'python3 samples/iceberg.py iris.iris',
];

export async function demo(context: CommandContext): Promise<void> {
  const stack = await ensureStack({ samples: 'always' }, context);
  const imports = await runImports(stack.environment, {}, context);
  const where = [
    '',
    ...addresses(stack),
    'The stack is left running: `make status`, `make list-datasets`, `make down`.',
    'To try:',
    ...TO_TRY.map((line) => `  ${line}`),
  ];
  context.result({ imports }, `${importSummary(imports, context.width)}\n${where.join('\n')}`);
  throwIfAnyFailed(imports);
}
