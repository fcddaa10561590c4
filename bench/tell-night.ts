/** What a night was like: for whoever looks on, and for the record that bench/nights.js makes of it. */
import { appendFileSync } from 'node:fs';

export function tellNight(night: object): void {
  const line = JSON.stringify(night);
  console.log(line);
  const file = process.env['NIGHTS'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
