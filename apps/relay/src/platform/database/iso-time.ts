import { FindOperator, type ValueTransformer } from 'typeorm';

/** Times are stored as ISO 8601 text, which sorts by time and reads the same in SQLite and PostgreSQL. */
export const isoTime: ValueTransformer = {
  // Conditions such as `LessThan(date)` come here too. The driver would write the date in a format of its own, which sorts differently.
  to: (value: unknown) => (value instanceof FindOperator ? operatorOf(value) : textOf(value)),
  from: (value: string | null) => (value === null ? null : new Date(value)),
};

function operatorOf(operator: FindOperator<unknown>): FindOperator<unknown> {
  const { value } = operator;
  return value instanceof Date ? new FindOperator(operator.type, textOf(value)) : operator;
}

function textOf(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
