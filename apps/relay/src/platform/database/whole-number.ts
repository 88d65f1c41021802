import type { ValueTransformer } from 'typeorm';

/** For `bigint` columns: PostgreSQL's driver gives them as text. For numbers that JavaScript holds exactly. */
export const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
