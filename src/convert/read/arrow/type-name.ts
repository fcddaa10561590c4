/** Names of Arrow types, as pyarrow spells them. */
import { Type, type DataType, type Field } from '@uwdata/flechette';
import { UNITS } from './numbers.js';

const PLAIN: Readonly<Record<number, string>> = {
  ...{ [Type.Null]: 'null', [Type.Bool]: 'bool', [Type.Utf8]: 'string' },
  ...{ [Type.LargeUtf8]: 'large_string', [Type.Utf8View]: 'string_view' },
  ...{ [Type.Binary]: 'binary', [Type.LargeBinary]: 'large_binary' },
  ...{ [Type.BinaryView]: 'binary_view' },
};
const LISTS: Readonly<Record<number, string>> = {
  ...{ [Type.List]: 'list', [Type.LargeList]: 'large_list', [Type.ListView]: 'list_view' },
  ...{ [Type.LargeListView]: 'large_list_view', [Type.Union]: 'union' },
};
const FLOATS = ['halffloat', 'float', 'double'];
const INTERVALS = ['year_month', 'day_time', 'month_day_nano'];

export function typeName(type: DataType): string {
  switch (type.typeId) {
    case Type.Int:
      return `${type.signed ? '' : 'u'}int${type.bitWidth}`;
    case Type.Float:
      return FLOATS[type.precision]!;
    case Type.Decimal:
      return `decimal${type.bitWidth}(${type.precision}, ${type.scale})`;
    case Type.Date:
      return type.unit === 0 ? 'date32[day]' : 'date64[ms]';
    case Type.Time:
      return `time${type.bitWidth}[${UNITS[type.unit]}]`;
    case Type.Timestamp:
      return `timestamp[${UNITS[type.unit]}${type.timezone ? `, tz=${type.timezone}` : ''}]`;
    case Type.Duration:
      return `duration[${UNITS[type.unit]}]`;
    case Type.Interval:
      return `${INTERVALS[type.unit]}_interval`;
    case Type.FixedSizeBinary:
      return `fixed_size_binary[${type.stride}]`;
    case Type.FixedSizeList:
      return `fixed_size_list<${fieldsOf(type.children)}>[${type.stride}]`;
    case Type.Struct:
      return `struct<${fieldsOf(type.children)}>`;
    case Type.Map: {
      const [entries] = type.children;
      const [key, value] = 'children' in entries.type ? (entries.type.children ?? []) : [];
      return key && value ? `map<${typeName(key.type)}, ${typeName(value.type)}>` : 'map';
    }
    case Type.Dictionary:
      return `dictionary<values=${typeName(type.dictionary)}, indices=${typeName(type.indices)}>`;
    case Type.RunEndEncoded:
      return `run_end_encoded<values=${typeName(type.children[1].type)}>`;
    default:
      break;
  }
  const list = LISTS[type.typeId];
  if (list !== undefined && 'children' in type) return `${list}<${fieldsOf(type.children)}>`;
  return PLAIN[type.typeId] ?? `type ${type.typeId}`;
}

function fieldsOf(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name}: ${typeName(type)}`).join(', ');
}
