/** The Kaggle-compatible server as a process of the embedded stack: `--port N --data FOLDER`. */
import { parseArgs } from 'node:util';
import { startKaggleServer } from './index.js';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, data: { type: 'string', default: 'samples' } },
});

const server = await startKaggleServer({
  datasetsDirectory: values.data,
  port: Number(values.port),
});
console.log(`kaggle-server ready ${server.url}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void server.close();
  });
}
