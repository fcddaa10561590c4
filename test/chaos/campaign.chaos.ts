/** `make chaos`: a campaign, and what an independent judge says of what is left. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { runCampaign } from './campaign.js';
import { Scene } from './scene.js';
import { factsOf, settle } from './settle.js';

const seed = Number(process.env['SEED'] ?? 1);
const imports = Number(process.env['IMPORTS'] ?? 15);
const judge = join(import.meta.dirname, '..', '..', 'conformance', 'chaos', 'judge.py');

test(`a campaign of ${imports} imports, seed ${seed}`, async () => {
  const began = Date.now();
  const scene = await Scene.open({ seed, imports });
  try {
    const { runs, faults } = await runCampaign(scene);
    const calm = await settle(scene);
    const seconds = Math.round((Date.now() - began) / 1000);
    const ownEnds = scene.hosts.flatMap((host) => host.ownEnds);
    const facts = join(scene.site.folder, 'facts.json');
    const all = { ...factsOf(scene, [...runs, ...calm]), seed, seconds, faults, ownEnds };
    writeFileSync(facts, JSON.stringify(all));
    const { exitCode, stdout, stderr } = await execa(
      process.env['PYTHON'] ?? 'python3',
      [judge, facts],
      { reject: false },
    );
    process.stdout.write(`${stdout}\n`);
    expect(exitCode, stdout + stderr).toBe(0);
  } finally {
    await scene.close();
  }
});
