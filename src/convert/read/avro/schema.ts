/** Makes of an Avro schema what reads its values as the text that is exactly each of them. */
import { Damage } from '../binary/damage.js';
import { realText } from '../number-text.js';
import type { BlockReader } from './block-reader.js';
import { logical } from './logical.js';
import { bare, quoted, type AvroType } from './type.js';

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
}

type Json = Readonly<Record<string, unknown>>;
const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

const hex = (name: string, bytes: (reader: BlockReader) => Buffer): AvroType => ({
  ...quoted(name, (reader) => bytes(reader).toString('hex')),
  isBinary: true,
});

/** JSON has no word for what is no number. */
function real(name: string, value: (reader: BlockReader) => number): AvroType {
  const json = (reader: BlockReader): string => {
    const number = value(reader);
    return Number.isFinite(number) ? realText(number) : `"${number}"`;
  };
  return { name, text: (reader) => realText(value(reader)), json };
}

const PLAIN: Readonly<Record<string, AvroType>> = {
  null: { name: 'null', text: () => null, json: () => 'null' },
  boolean: bare('boolean', (reader) => String(reader.take(1)[0] !== 0)),
  int: bare('int', (reader) => String(reader.long())),
  long: bare('long', (reader) => String(reader.long())),
  float: real('float', (reader) => reader.take(FLOAT_BYTES).readFloatLE()),
  double: real('double', (reader) => reader.take(DOUBLE_BYTES).readDoubleLE()),
  string: quoted('string', (reader) => reader.text()),
  bytes: hex('bytes', (reader) => reader.take(reader.count())),
};

/** A schema that is no record has the column `value`. @throws Damage */
export function fieldsOf(schema: unknown): AvroField[] {
  const types = new Types();
  const isRecord = isObject(schema) && schema['type'] === 'record';
  return isRecord ? types.fields(schema) : [{ name: 'value', type: types.of(schema, '') }];
}

/** Types that have names may be used again, also within themselves. */
class Types {
  readonly #named = new Map<string, AvroType>();

  fields(schema: Json, namespace = ''): AvroField[] {
    const { fields } = schema;
    if (!Array.isArray(fields) || !fields.every(isObject))
      throw new Damage('a record without fields');
    const own = namespaceOf(schema, namespace);
    return fields.map((field) => ({
      name: String(field['name'] as string),
      type: this.of(field['type'], own),
    }));
  }

  of(schema: unknown, namespace: string): AvroType {
    if (Array.isArray(schema)) return this.#union(schema, namespace);
    if (typeof schema === 'string') {
      if (Object.hasOwn(PLAIN, schema)) return PLAIN[schema]!;
      const known = this.#named.get(schema) ?? this.#named.get(`${namespace}.${schema}`);
      if (known) return known;
      throw new Damage(`the unknown type ${JSON.stringify(schema)}`);
    }
    if (!isObject(schema)) throw new Damage('a schema that is none of Avro');
    const { type } = schema;
    const found = logical(schema);
    if (type !== 'fixed' && found) return found;
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(schema, namespace);
      case 'enum':
        return this.#keep(schema, namespace, enumOf(schema));
      case 'fixed': {
        const size = Number(schema['size']);
        if (!Number.isSafeInteger(size) || size < 0) throw new Damage('a value of no fixed size');
        const plain = hex(`fixed[${size}]`, (reader) => reader.take(size));
        return this.#keep(schema, namespace, found ?? plain);
      }
      case 'array':
        return listOf(this.of(schema['items'], namespace));
      case 'map':
        return mapOf(this.of(schema['values'], namespace));
      default:
        return this.of(type, namespace);
    }
  }

  #keep(schema: Json, namespace: string, type: AvroType): AvroType {
    const name = String(schema['name']);
    const own = namespaceOf(schema, namespace);
    this.#named.set(name.includes('.') || own === '' ? name : `${own}.${name}`, type);
    return type;
  }

  #record(schema: Json, namespace: string): AvroType {
    const members: Array<readonly [key: string, type: AvroType]> = [];
    const json = (reader: BlockReader): string =>
      reader.within(
        () => `{${members.map(([key, type]) => `${key}:${type.json(reader)}`).join(',')}}`,
      );
    const type = this.#keep(schema, namespace, bare('record', json));
    for (const field of this.fields(schema, namespace))
      members.push([JSON.stringify(field.name), field.type]);
    return type;
  }

  #union(schemas: readonly unknown[], namespace: string): AvroType {
    const types = schemas.map((schema) => this.of(schema, namespace));
    const others = types.filter(({ name }) => name !== 'null');
    const declared = new Set(others.map((type) => type.declared));
    const [only] = declared.size === 1 ? declared : [];
    const branch = (reader: BlockReader): AvroType => {
      const type = types[reader.count()];
      if (!type) throw new Damage('a value of no type of its union');
      return type;
    };
    return {
      name:
        others.length === 1
          ? others[0]!.name
          : `union<${types.map(({ name }) => name).join(', ')}>`,
      ...(only !== undefined && { declared: only }),
      isBinary: others.some(({ isBinary }) => isBinary),
      text: (reader) => branch(reader).text(reader),
      json: (reader) => branch(reader).json(reader),
    };
  }
}

function enumOf({ symbols }: Json): AvroType {
  if (!Array.isArray(symbols)) throw new Damage('an enum without symbols');
  return quoted('enum', (reader) => {
    const symbol: unknown = symbols[reader.count()];
    if (typeof symbol !== 'string') throw new Damage('a value beyond its enum');
    return symbol;
  });
}

function listOf(items: AvroType): AvroType {
  return bare(`array<${items.name}>`, (reader) =>
    reader.within(() => `[${Array.from(reader.items(), () => items.json(reader)).join(',')}]`),
  );
}

function mapOf(values: AvroType): AvroType {
  const member = (reader: BlockReader): string =>
    `${JSON.stringify(reader.text())}:${values.json(reader)}`;
  return bare(`map<${values.name}>`, (reader) =>
    reader.within(() => `{${Array.from(reader.items(), () => member(reader)).join(',')}}`),
  );
}

function namespaceOf({ name, namespace }: Json, outer: string): string {
  const full = typeof name === 'string' ? name : '';
  if (full.includes('.')) return full.slice(0, full.lastIndexOf('.'));
  return typeof namespace === 'string' ? namespace : outer;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
