/** The schema of a database as text, in an order that does not depend on how it came to be. */
import pg from 'pg';

/** Of everything in `public` but the bookkeeping of the migrations. */
const QUERIES: ReadonlyArray<readonly [title: string, query: string]> = [
  [
    'tables',
    `SELECT format(
       'TABLE %s (%s)', c.relname,
       string_agg(
         format(
           E'\\n  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
           coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
         ), ',' ORDER BY a.attname
       ) || E'\\n'
     ) AS text
     FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
       AND c.relname <> 'schema_migrations'
     GROUP BY c.relname`,
  ],
  [
    'constraints',
    `SELECT format('%s: %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS text
     FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
       AND conrelid <> 'schema_migrations'::regclass`,
  ],
  [
    'indexes',
    `SELECT indexdef AS text FROM pg_indexes
     WHERE schemaname = 'public' AND tablename <> 'schema_migrations'`,
  ],
  [
    'views',
    `SELECT format(E'VIEW %s AS\\n%s', viewname, definition) AS text
     FROM pg_views WHERE schemaname = 'public'`,
  ],
  [
    'functions',
    `SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  ],
  [
    'triggers',
    `SELECT pg_get_triggerdef(t.oid) AS text FROM pg_trigger t
     JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
     WHERE NOT t.tgisinternal`,
  ],
];

export async function schemaDump(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const sections: string[] = [];
    for (const [title, query] of QUERIES) {
      const { rows } = await client.query<{ text: string }>(`${query} ORDER BY 1`);
      const lines = rows.map(({ text }) => text.trimEnd());
      sections.push([`-- ${title}`, ...lines].join('\n\n'));
    }
    return `${sections.join('\n\n')}\n`;
  } finally {
    await client.end();
  }
}
