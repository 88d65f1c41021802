import type { ValueTransformer } from 'typeorm';

/** For `bigint` columns, which PostgreSQL's driver returns as text. Only for integers that JavaScript can represent exactly. */
export const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
