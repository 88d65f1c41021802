import { type BeforeQueryEvent, type EntitySubscriberInterface, EventSubscriber } from 'typeorm';

const NUL = '\u0000';
const UNSHOWABLE = '\ufffd';

/**
 * PostgreSQL's texts hold every character but U+0000, and a statement with it fails for ever: with a trigger's summary its listener's session,
 * and then its dead letter. What cannot be shown anyway is kept as the sign for that. Texts that are JSON carry it escaped, and as it is.
 */
@EventSubscriber()
export class ReplaceNul implements EntitySubscriberInterface {
  beforeQuery({ parameters }: BeforeQueryEvent<unknown>): void {
    const values: unknown[] = parameters ?? [];
    for (const [at, value] of values.entries())
      if (typeof value === 'string' && value.includes(NUL)) values[at] = value.replaceAll(NUL, UNSHOWABLE);
  }
}
