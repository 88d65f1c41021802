import { JobCatalog, type JobData, type JobName } from '@pizzapi/protocol';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

const checks = new Map(Object.entries(JobCatalog).map(([name, { schema }]) => [name, Compile<TSchema>(schema)]));

/** What a queue holds may be of another version. */
export function isDataOf<N extends JobName>(name: N, data: unknown): data is JobData<N> {
  return checks.get(name)?.Check(data) ?? false;
}
