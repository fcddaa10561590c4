/** Licences by SPDX's identifiers, from the names that Kaggle has for them. */
import { expect, test } from 'vitest';
import { spdxLicence } from '../../src/catalog/licence.js';

test.each([
  ['CC0-1.0', 'CC0-1.0'],
  ['CC0: Public Domain', 'CC0-1.0'],
  ['CC BY-NC-SA 4.0', 'CC-BY-NC-SA-4.0'],
  ['Attribution 4.0 International (CC BY 4.0)', 'CC-BY-4.0'],
  ['Attribution 3.0 IGO (CC BY 3.0 IGO)', 'CC-BY-3.0-IGO'],
  ['apache-2.0', 'Apache-2.0'],
  ['ODC-BY-1.0', 'ODC-By-1.0'],
  ['PDDL', 'PDDL-1.0'],
  ['GPL 2', 'GPL-2.0-only'],
  ['FDL-1.3', 'GFDL-1.3-only'],
  ['Database: Open Database, Contents: © Original Authors', 'ODbL-1.0'],
  ['MIT', 'MIT'],
  // The contents have a licence of their own, which is on no list.
  ['DbCL-1.0', undefined],
  ['Database: Open Database, Contents: Database Contents', undefined],
  ['CC BY-XX 9.0', undefined],
  ['Public domain', undefined],
  ['US-Government-Works', undefined],
  ['Other (specified in description)', undefined],
  ['Unknown', undefined],
  ['', undefined],
])('%s is %s', (name, spdx) => expect(spdxLicence(name)).toBe(spdx));
