import { JobCatalog, type JobData, type JobName } from '@pizzapi/protocol';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

const checks = new Map(Object.entries(JobCatalog).map(([name, { schema }]) => [name, Compile<TSchema>(schema)]));

/** Checks a job's data, which a relay of another version may have written. */
export function isDataOf<N extends JobName>(name: N, data: unknown): data is JobData<N> {
  return checks.get(name)?.Check(data) ?? false;
}
