import type { ValueTransformer } from 'typeorm';

/** Times are stored as ISO 8601 text, which sorts by time and reads the same in SQLite and PostgreSQL. */
export const isoTime: ValueTransformer = {
  // Conditions come here too: TypeORM hands over its operators (IsNull, LessThan, …) as they are.
  to: (value: unknown) => (value instanceof Date ? value.toISOString() : value),
  from: (value: string | null) => (value === null ? null : new Date(value)),
};
