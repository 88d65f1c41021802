import { Service, effect, inject, signal, untracked } from '@angular/core';
import { asProblem } from '../../core/api/api-problem';
import { DeadLettersApi } from '../../core/api/dead-letters-api';
import { isDeadLetterCount, isSessionRemoval } from '../../core/realtime/message-shapes';
import { RelayConnection } from '../../core/realtime/relay-connection';

/** How many dead letters the person has: read by REST after every (re)connect, kept fresh by the hub. */
@Service()
export class DeadLetterCount {
  private readonly api = inject(DeadLettersApi);
  private readonly current = signal(0);
  private readonly messages = signal(0);
  readonly count = this.current.asReadonly();
  /** Rises whenever dead letters come or go, even if the count stays the same, and when a session comes or goes that some may be for. */
  readonly news = this.messages.asReadonly();

  constructor() {
    const connection = inject(RelayConnection);
    connection.onNews('dead-letters:count', isDeadLetterCount, ({ count }) => {
      this.current.set(count);
      this.messages.update((told) => told + 1);
    });
    connection.onNews('session:removed', isSessionRemoval, () => this.messages.update((told) => told + 1));
    effect(() => {
      if (connection.epoch() > 0) untracked(() => void this.read());
    });
  }

  private async read(): Promise<void> {
    try {
      this.current.set(await this.api.count());
    } catch (error) {
      // A number beside a link: the page behind it says what is wrong, and the hub's next message brings it.
      console.warn('The dead letters could not be counted:', asProblem(error).message);
    }
  }
}
