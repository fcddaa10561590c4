// Bundles the command: it is over before a thousand small files of its libraries would have been found and read.
import { isBuiltin } from 'node:module';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const project = join(import.meta.dirname, '..');
const chunks = join(project, 'dist', 'command');
const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));

/** They find files of their own beside themselves (native code, WebAssembly, threads), or are seldom wanted and large. */
const APART = ['@azure', '@duckdb', 'node-pg-migrate', 'node-sqlite3-wasm', 'pino'];

/** Messages of Temporal's cloud, of its workers' core and of a gateway: a third of all, and no client of a server sends one. */
const UNSENT = [['temporal', 'api', 'cloud'], ['coresdk'], ['grpc', 'gateway']];

/** Descriptions of messages: as a text, V8 reads them in a fraction of the time that an object literal takes. */
const protocolAsText = {
  name: 'protocol-as-text',
  transform: {
    filter: { id: /@temporalio\/proto\/protos\/json-module\.js$/ },
    handler: (code) => ({
      code: code.replace(/(?<=\.addJSON\()\{.*^\}(?=\);$)/ms, (literal) => {
        const text = JSON.stringify(withoutUnsent(JSON.parse(literal)));
        return `JSON.parse(${JSON.stringify(text)})`;
      }),
      map: null,
    }),
  },
};

function withoutUnsent(messages) {
  const root = { nested: messages };
  for (const path of UNSENT) {
    const above = path.slice(0, -1).reduce((at, step) => at?.nested?.[step], root);
    const name = path.at(-1);
    if (!above?.nested?.[name]) throw new Error(`Temporal no longer describes ${path.join('.')}`);
    delete above.nested[name];
  }
  return messages;
}

const bundle = await rolldown({
  input: { client: join(project, 'src', 'client.ts') },
  tsconfig: join(project, 'tsconfig.build.json'),
  platform: 'node',
  plugins: [protocolAsText],
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  // pg takes its native twin where somebody has installed it; we do not.
  external: [...APART.map((name) => new RegExp(`^${name}(/|$)`)), 'pg-native'],
});
rmSync(chunks, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: join(project, 'dist'),
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'command/[name].js',
  sourcemap: true,
  sourcemapExcludeSources: true,
  // Names stay: errors and libraries tell classes by them.
  minify: { compress: false, mangle: false, codegen: true },
});

// A library that only the build has would be missed by whoever installs the package.
const outside = output.flatMap((chunk) =>
  chunk.type === 'chunk' ? [...chunk.imports, ...chunk.dynamicImports] : [],
);
for (const name of outside) {
  const isOurs = output.some(({ fileName }) => fileName === name);
  const [, library] = /^((?:@[^/]+\/)?[^/]+)/.exec(name);
  if (!isOurs && !isBuiltin(name) && !(library in dependencies)) {
    throw new Error(`the command imports ${name}, which is no dependency of package.json`);
  }
}
