/** Where each byte of a text file belongs: all of them are accounted for, or nothing is published. */
import { ImportError } from '../../errors/index.js';

export const BYTE_KINDS = [
  'byteOrderMark',
  'title',
  'comment',
  'header',
  'row',
  'reject',
  'blank',
  'footer',
] as const;
export type ByteKind = (typeof BYTE_KINDS)[number];

/** Bytes of the source file, line ends included, and the records or lines they are. */
export type ByteLedger = Readonly<
  Record<ByteKind, { readonly bytes: number; readonly records: number }>
>;

export class ByteCount {
  private readonly counts = new Map<ByteKind, { bytes: number; records: number }>();

  add(kind: ByteKind, bytes: number, records = 1): void {
    const count = this.counts.get(kind) ?? { bytes: 0, records: 0 };
    this.counts.set(kind, { bytes: count.bytes + bytes, records: count.records + records });
  }

  ledger(): ByteLedger {
    const entries = BYTE_KINDS.map((kind) => [
      kind,
      this.counts.get(kind) ?? { bytes: 0, records: 0 },
    ]);
    return Object.fromEntries(entries) as ByteLedger;
  }
}

/** Of several files together; nothing where one of them has none. */
export function sumOfLedgers(
  ledgers: ReadonlyArray<ByteLedger | undefined>,
): ByteLedger | undefined {
  const sum = new ByteCount();
  for (const ledger of ledgers) {
    if (ledger === undefined) return undefined;
    for (const kind of BYTE_KINDS) sum.add(kind, ledger[kind].bytes, ledger[kind].records);
  }
  return sum.ledger();
}

/** Throws LEDGER_MISMATCH when some bytes belong nowhere, or in two places. */
export function balanceBytes(ledger: ByteLedger, fileBytes: number, place: string): void {
  const counted = BYTE_KINDS.reduce((sum, kind) => sum + ledger[kind].bytes, 0);
  if (counted === fileBytes) return;
  const parts = BYTE_KINDS.map((kind) => `${ledger[kind].bytes} ${kind}`).join(', ');
  throw new ImportError('LEDGER_MISMATCH', {
    place,
    expected: `${fileBytes} bytes accounted for, as the file has (byte ledger)`,
    found: `${counted}: ${parts}`,
  });
}
