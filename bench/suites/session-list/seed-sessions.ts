import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Client } from 'pg';

type Row = Record<string, SQLInputValue>;

/** Statements of this many rows: PostgreSQL takes 65,535 parameters at most. */
const ROWS_AT_ONCE = 500;

/** Makes `count` sessions out of the one that is there, while no relay runs. */
export function seedSqlite(file: string, count: number): void {
  const database = new DatabaseSync(file);
  try {
    const template = database.prepare('SELECT * FROM sessions LIMIT 1').get();
    if (!template) throw new Error('There is no session to copy.');
    const columns = Object.keys(template);
    const insert = database.prepare(
      `INSERT INTO sessions (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    database.exec('BEGIN');
    for (const row of copies(template, count)) insert.run(...columns.map((column) => row[column] ?? null));
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

export async function seedPostgres(connectionString: string, count: number): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<Row>('SELECT * FROM sessions LIMIT 1');
    const [template] = rows;
    if (!template) throw new Error('There is no session to copy.');
    const columns = Object.keys(template);
    const all = copies(template, count);
    for (let at = 0; at < all.length; at += ROWS_AT_ONCE) {
      const part = all.slice(at, at + ROWS_AT_ONCE);
      const places = part.map(
        (_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
      );
      await client.query(
        `INSERT INTO sessions (${columns.join(', ')}) VALUES ${places.join(', ')}`,
        part.flatMap((row) => columns.map((column) => row[column] ?? null)),
      );
    }
    await client.query('ANALYZE sessions');
  } finally {
    await client.end();
  }
}

function copies(template: Row, count: number): Row[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, at) => {
    const name = `Session ${at} about ${['parsers', 'indexes', 'sockets', 'queues', 'colours'][at % 5]}`;
    const cwd = `/srv/code/project-${at % 40}`;
    const model = `model-${at % 6}`;
    const ts = new Date(now - at * 60_000).toISOString();
    return {
      ...template,
      session_id: randomUUID(),
      name,
      cwd,
      model_provider: 'example',
      model_id: model,
      status: 'ended',
      activity: null,
      search_text: `${name}\n${cwd}\nexample\n${model}`.toLowerCase(),
      created_at: ts,
      updated_at: ts,
    };
  });
}
