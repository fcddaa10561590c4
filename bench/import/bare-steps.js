/** The bare cost of each step, one after another, by the plainest tool there is: curl, unzip, COPY, curl. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.js';

const COPY = join(import.meta.dirname, '..', 'convert', 'duckdb-copy.js');
const BUCKET = 'bare';

/** @returns the measures of the four together, with the seconds of each as its stages */
export async function bareSteps(site, run) {
  const scratch = join(site.folder, 'bare');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const archive = join(scratch, 'archive.zip');
  const upload = upTo(site);
  await upload([`/${BUCKET}`, '-X', 'PUT']).catch(() => undefined);
  const steps = {
    curl: () => runProgram('curl', [...site.curl(), '-o', archive], site),
    unzip: () => runProgram('unzip', ['-q', archive, '-d', scratch], site),
    COPY: () => {
      const [source] = readdirSync(scratch).filter((name) => name.endsWith('.csv'));
      return runProgram(process.execPath, [COPY, join(scratch, source), scratch], site);
    },
    upload: () => upload([`/${BUCKET}/${run}.parquet`, '-T', join(scratch, 'table.parquet')]),
  };
  const total = { seconds: 0, cpuSeconds: 0, peakBytes: 0, memory: [], stages: {} };
  try {
    for (const [step, measure] of Object.entries(steps)) {
      const { seconds, cpuSeconds, peakBytes, memory } = await measure();
      for (const [at, bytes] of memory) total.memory.push([total.seconds + at, bytes]);
      total.seconds += seconds;
      total.cpuSeconds += cpuSeconds;
      total.peakBytes = Math.max(total.peakBytes, peakBytes);
      total.stages[step] = seconds;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return total;
}

/** curl signs for S3 by itself. */
function upTo({ store, env }) {
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user'];
  const user = `${store.accessKey}:${store.secretKey}`;
  return ([path, ...options]) =>
    runProgram(
      'curl',
      ['-sS', '--fail', ...signed, user, ...options, `http://${store.endpoint}${path}`],
      { env },
    );
}
