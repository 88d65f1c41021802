import { type BeforeQueryEvent, type EntitySubscriberInterface, EventSubscriber } from 'typeorm';

const NUL = '\u0000';
const UNSHOWABLE = '\ufffd';

/**
 * PostgreSQL's text cannot hold U+0000, and a statement with one fails however often it is repeated: in a trigger's summary, it would keep
 * the listener's session from being created, and then the dead letter too. So it is replaced by U+FFFD, the sign for what cannot be shown.
 * JSON texts are not affected, because they have it escaped.
 */
@EventSubscriber()
export class ReplaceNul implements EntitySubscriberInterface {
  beforeQuery({ parameters }: BeforeQueryEvent<unknown>): void {
    const values: unknown[] = parameters ?? [];
    for (const [at, value] of values.entries())
      if (typeof value === 'string' && value.includes(NUL)) values[at] = value.replaceAll(NUL, UNSHOWABLE);
  }
}
