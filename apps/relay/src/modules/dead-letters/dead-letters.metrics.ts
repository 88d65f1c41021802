import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Gauge } from 'prom-client';
import { registry } from '../../platform/observability/metrics.js';
import { DeadLetterRepository } from './dead-letter.repository.js';

const NAME = 'pizzapi_dead_letters';

/** Counted when somebody asks for metrics. All replicas say the same. */
@Injectable()
export class DeadLettersMetric {
  constructor(deadLetters: DeadLetterRepository, logger: PinoLogger) {
    // Tests run several relays in one process; the latest one counts.
    registry.removeSingleMetric(NAME);
    new Gauge({
      name: NAME,
      help: 'Deliveries that ran out of attempts, time or target, and wait to be replayed or discarded. The same on every replica.',
      registers: [registry],
      async collect() {
        try {
          this.set(await deadLetters.countAll());
        } catch (error) {
          // The other metrics are needed most while the database is away.
          logger.warn({ err: error }, 'Dead letters could not be counted');
        }
      },
    });
  }
}
