import { invalid } from './problem.error.js';

/** A compiled schema. */
interface Shape<T> {
  Check(value: unknown): value is T;
  Errors(value: unknown): readonly { instancePath: string; message: string }[];
}

/**
 * The value as it would be read again after it was stored as JSON, which class-validator's rules alone do not guarantee: they accept null for
 * optional fields, for example.
 * @throws ProblemError `invalid_request` with the path of the first error
 */
export function requireShape<T>(shape: Shape<T>, given: unknown): T {
  const value: unknown = JSON.parse(JSON.stringify(given));
  if (shape.Check(value)) return value;
  const [error] = shape.Errors(value);
  throw invalid(error?.instancePath.slice(1).replaceAll('/', '.') ?? '', error?.message ?? 'is not understood');
}
