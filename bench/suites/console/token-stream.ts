import type { ScriptedWorker } from '@pizzapi/testing';
import { DeltaCoalescer } from '../../../libs/agent/src/events/delta-coalescer.js';

const PERIOD_MS = 5;
const WORDS = [
  'The ',
  'parser ',
  'reads ',
  'one ',
  'token, ',
  'keeps ',
  '`two` ',
  'of ',
  '**them**, ',
  'and ',
  'goes ',
  'on.\n\n',
];

/** Streams a message of Markdown at a rate of tokens, through the coalescer as a worker does. */
export class TokenStream {
  private readonly messageId = crypto.randomUUID();
  private readonly coalescer: DeltaCoalescer;
  private sent = 0;

  constructor(private readonly worker: ScriptedWorker) {
    this.coalescer = new DeltaCoalescer((event) => worker.send(event));
    worker.send({ type: 'activity.changed', data: { activity: 'working' } });
    worker.send({
      type: 'message.started',
      data: { messageId: this.messageId, model: { provider: 'example', id: 'example' } },
    });
  }

  async run(perSecond: number, forMs: number): Promise<void> {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => {
      let done = 0;
      const timer = setInterval(() => {
        const passedMs = performance.now() - startedAt;
        for (; done < (Math.min(passedMs, forMs) / 1_000) * perSecond; done++) this.token();
        if (passedMs < forMs) return;
        clearInterval(timer);
        resolve();
      }, PERIOD_MS);
    });
    this.coalescer.flush();
  }

  private token(): void {
    const delta = WORDS[this.sent++ % WORDS.length] ?? '';
    this.coalescer.push({
      type: 'message.delta',
      ts: new Date().toISOString(),
      data: { messageId: this.messageId, index: 0, kind: 'text', delta },
    });
  }
}
