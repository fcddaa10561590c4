/** GeoJSON (RFC 7946): a feature is a record, its properties are columns, its geometry is one as JSON text. */
import type { Cells } from '../record.js';
import { cellsOfMembers } from './json-record.js';
import { objectMembers } from './json-text.js';

/** A property that is named as a member of the feature itself is `properties.<name>`. The reason where it is none. */
export function featureCells(text: string): Cells | string {
  const members = text.startsWith('{') ? objectMembers(text) : [];
  const byName = new Map(members);
  if (byName.get('type') !== '"Feature"') return 'expected a Feature';
  const own = members.filter(([name]) => name !== 'type' && name !== 'properties');
  const names = new Set(own.map(([name]) => name));
  const properties = byName.get('properties') ?? 'null';
  const inner = properties.startsWith('{') ? objectMembers(properties) : [];
  return cellsOfMembers([
    ...own.filter(([name]) => name !== 'geometry'),
    ...inner.map(([name, raw]) => [names.has(name) ? `properties.${name}` : name, raw] as const),
    ...own.filter(([name]) => name === 'geometry'),
  ]);
}
