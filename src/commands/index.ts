/** Every verb, loaded when it is called: help and usage errors wait for none of their libraries. */

export const auth = onCall(async () => (await import('./auth.js')).auth);
export const check = onCall(async () => (await import('./check.js')).check);
export const clean = onCall(async () => (await import('./clean.js')).clean);
export const decide = onCall(async () => (await import('./decide.js')).decide);
export const demo = onCall(async () => (await import('./demo.js')).demo);
export const diff = onCall(async () => (await import('./diff.js')).diff);
export const down = onCall(async () => (await import('./down.js')).down);
export const exportTables = onCall(async () => (await import('./export.js')).exportTables);
export const gc = onCall(async () => (await import('./gc.js')).gc);
export const head = onCall(async () => (await import('./head.js')).head);
export const inspect = onCall(async () => (await import('./inspect.js')).inspect);
export const list = onCall(async () => (await import('./list.js')).list);
export const plan = onCall(async () => (await import('./plan.js')).plan);
export const rejects = onCall(async () => (await import('./rejects.js')).rejects);
export const rollback = onCall(async () => (await import('./rollback.js')).rollback);
export const runImport = onCall(async () => (await import('./import.js')).runImport);
export const schedule = onCall(async () => (await import('./schedule.js')).schedule);
export const search = onCall(async () => (await import('./search.js')).search);
export const services = onCall(async () => (await import('./services.js')).services);
export const show = onCall(async () => (await import('./show.js')).show);
export const sql = onCall(async () => (await import('./sql.js')).sql);
export const status = onCall(async () => (await import('./status.js')).status);
export const up = onCall(async () => (await import('./up.js')).up);
export const verify = onCall(async () => (await import('./verify.js')).verify);
export const versions = onCall(async () => (await import('./versions.js')).versions);

/** Not a verb: what a verb that failed has to say of the embedded stack. */
export async function withStackAdvice(error: unknown): Promise<unknown> {
  return (await import('./stack-advice.js')).withStackAdvice(error);
}

type Verb<Args extends unknown[]> = (...args: Args) => Promise<void>;

function onCall<Args extends unknown[]>(load: () => Promise<Verb<Args>>): Verb<Args> {
  return async (...args) => (await load())(...args);
}
