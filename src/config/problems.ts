/** What is wrong with a configuration that is good YAML: expected, found, and the nearest known key. */
import { z } from 'zod';
import { configFileSchema } from './datasets.js';
import { nearest } from './nearest.js';
import { firstCharacters } from '../first-characters.js';

export type Path = readonly PropertyKey[];

export interface Problem {
  /** Of the key that is meant. */
  readonly path: Path;
  readonly text: string;
}

type Issue = z.core.$ZodIssue;

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const SHAPE = z.toJSONSchema(configFileSchema, { io: 'input' }) as JsonSchema;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values, indented below',
  record: 'keys with values, indented below',
};

/** Every problem of one issue; an unknown key is a problem of its own. Needs `reportInput`. */
export function problemsOf(issue: Issue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = formsAt(issue.path).flatMap((form) => Object.keys(form.properties ?? {}));
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      text: `unknown key "${key}"${suggestion(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') return problemsOfUnion(issue);
  const where = issue.path.map(String).join('.');
  return [{ path: issue.path, text: `${where === '' ? '' : `${where}: `}${inWords(issue)}` }];
}

/** Of the one form that was meant, if that is clear; else which forms there are. */
function problemsOfUnion(issue: Issue & { code: 'invalid_union' }): Problem[] {
  const near = issue.errors.filter((issues) => !issues.some(isOfAnotherForm));
  const fewest = Math.min(...near.map(({ length }) => length));
  const meant = near.filter(({ length }) => length === fewest);
  if (meant.length === 1) {
    return meant[0]!.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }),
    );
  }
  const where = issue.path.map(String).join('.');
  const text = `${where}: expected ${expectedForms(issue)}, found ${shown(issue.input)}`;
  const keys = isRecord(issue.input) ? Object.keys(issue.input) : [];
  const hints = keys.map((key) => suggestion(key, leadingKeys(issue.path)));
  return [{ path: issue.path, text: `${text}${hints.find(Boolean) ?? ''}` }];
}

/** The whole value is of another type, or its keys are those of another form. */
function isOfAnotherForm(issue: Issue): boolean {
  if (issue.code === 'unrecognized_keys') return issue.path.length === 0;
  if (issue.code === 'invalid_type' && issue.path.length === 0) return true;
  return issue.path.length === 1 && issue.input === undefined;
}

function expectedForms(issue: Issue & { code: 'invalid_union' }): string {
  const keys = leadingKeys(issue.path);
  const types = issue.errors
    .flat()
    .map((inner) => (inner.path.length === 0 && 'expected' in inner ? inner.expected : undefined))
    .map((type) => (type === undefined ? undefined : TYPES[type]))
    .filter((type) => type !== undefined);
  if (keys.length > 1) return `exactly one of the keys ${keys.join(', ')}`;
  return [...new Set(types)].join(' or ') || 'another value';
}

/** Those that tell the forms of a value apart: the first that each of them needs. */
function leadingKeys(path: Path): string[] {
  return formsAt(path).flatMap(({ required }) => required?.slice(0, 1) ?? []);
}

function inWords(issue: Issue): string {
  const found = `found ${shown(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}, ${found}${missingSpace(issue.input)}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}; ${found}`;
    case 'too_small':
    case 'too_big':
      return `expected ${bound(issue)}, ${found}`;
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('; ');
    default:
      return issue.message;
  }
}

function bound(issue: Issue & { code: 'too_small' | 'too_big' }): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (issue.origin === 'string') {
    return `${issue.exact ? '' : issue.code === 'too_small' ? 'at least ' : 'at most '}${limit} character`;
  }
  if (issue.code === 'too_small') return `a number ${issue.inclusive ? 'from' : 'above'} ${limit}`;
  return `a number ${issue.inclusive ? 'up to' : 'below'} ${limit}`;
}

/** `kaggle_ref:owner/slug` is one text for YAML. */
function missingSpace(value: unknown): string {
  const isPair = typeof value === 'string' && /^\w+:\S/.test(value) && !value.includes('://');
  return isPair ? '; a colon needs a space behind it' : '';
}

function suggestion(key: string, known: readonly string[]): string {
  const near = known.includes(key) ? undefined : nearest(key, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** What may stand at a path: several forms where the schema has a choice. */
function formsAt(path: Path): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (forms, segment) =>
      forms.flatMap(({ properties = {}, additionalProperties, items }) => {
        const inner = properties[String(segment)] ?? items ?? additionalProperties;
        return typeof inner === 'object' ? choices(inner) : [];
      }),
    choices(SHAPE),
  );
}

function choices(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf?.flatMap(choices) ?? [schema];
}

/** A value as a message may show it; user and password of an address are left out. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'no keys' : `the keys ${keys.join(', ')}`;
  }
  const text = JSON.stringify(value).replace(/\/\/[^/@\s]*@/g, '//***@');
  return text.length > 60 ? `${firstCharacters(text, 60)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
