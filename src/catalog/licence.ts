/** The licence of a dataset by its identifier in the SPDX list (https://spdx.org/licenses/), where it has one. */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
/** By lower-case identifier. */
const SPDX: ReadonlyMap<string, string> = new Map(
  (load('spdx-license-ids') as readonly string[]).map((id) => [id.toLowerCase(), id]),
);

/**
 * Names that are no identifiers of today's list: Kaggle's (https://github.com/Kaggle/kaggle-cli, docs/
 * datasets_metadata.md), by their identifier and by their title, and what the list says of those it has given up.
 */
const KNOWN_AS: ReadonlyMap<string, string> = new Map([
  ['cc0', 'CC0-1.0'],
  ['cc0: public domain', 'CC0-1.0'],
  ['pddl', 'PDDL-1.0'],
  ['fdl-1.3', 'GFDL-1.3-only'],
  ['gpl 2', 'GPL-2.0-only'],
  ['gpl-2.0', 'GPL-2.0-only'],
  ['gpl 3', 'GPL-3.0-only'],
  ['gpl-3.0', 'GPL-3.0-only'],
  ['lgpl-3.0', 'LGPL-3.0-only'],
  ['agpl-3.0', 'AGPL-3.0-only'],
  ['apache 2.0', 'Apache-2.0'],
  // Kaggle's name of ODbL-1.0: the licence is one of the database, not of what is in it.
  ['database: open database, contents: © original authors', 'ODbL-1.0'],
]);

/** `CC BY-SA 4.0`, alone or at the end of a title as in `Attribution 4.0 International (CC BY 4.0)`. */
const CREATIVE_COMMONS = /(?:^|\()cc (by(?:-nc)?(?:-sa|-nd)?) (\d\.\d)( igo)?\)?$/;

/** `undefined` for what is on no list, such as `other`, `US-Government-Works` or a licence of one's own. */
export function spdxLicence(name: string): string | undefined {
  const plain = name.trim().toLowerCase();
  const [, kind, version, igo = ''] = CREATIVE_COMMONS.exec(plain) ?? [];
  const commons = kind && `cc-${kind}-${version}${igo.replace(' ', '-')}`;
  return KNOWN_AS.get(plain) ?? SPDX.get(commons ?? plain);
}
