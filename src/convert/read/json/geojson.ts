/** GeoJSON (RFC 7946): a feature is a record, its properties are columns, its geometry is one as JSON text. */
import type { Cells } from '../record.js';
import { objectMembers } from './json-text.js';
import { cellsOfMembers } from './members.js';

type Members = ReadonlyArray<readonly [name: string, raw: string]>;

/** By the three members that each has (RFC 7946, 3.2). */
export function isFeature(members: Members): boolean {
  const byName = new Map(members);
  return byName.get('type') === '"Feature"' && byName.has('properties') && byName.has('geometry');
}

/** Of a collection, where nothing else may be. The reason where it is none. */
export function featureCells(text: string): Cells | string {
  const members = text.startsWith('{') ? objectMembers(text) : [];
  const isOne = new Map(members).get('type') === '"Feature"';
  return isOne ? cellsOfFeature(members) : 'expected a Feature';
}

/** A property that is named as a member of the feature itself is `properties.<name>`. The reason where there are none. */
export function cellsOfFeature(members: Members): Cells | string {
  const own = members.filter(([name]) => name !== 'type' && name !== 'properties');
  const names = new Set(own.map(([name]) => name));
  const properties = new Map(members).get('properties') ?? 'null';
  const inner = properties.startsWith('{') ? objectMembers(properties) : [];
  return cellsOfMembers([
    ...own.filter(([name]) => name !== 'geometry'),
    ...inner.map(([name, raw]) => [names.has(name) ? `properties.${name}` : name, raw] as const),
    ...own.filter(([name]) => name === 'geometry'),
  ]);
}
