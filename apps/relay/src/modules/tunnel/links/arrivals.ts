import { Injectable } from '@nestjs/common';
import { TunnelNews } from '../tunnel-news.js';

/** Waits for runners to connect their tunnel, to this replica or another one. */
@Injectable()
export class Arrivals {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(news: TunnelNews) {
    const arrived = (runnerId: string): void => this.waiting.get(runnerId)?.forEach((resolve) => resolve());
    news.listen({
      onNews: (message) => (message.news === 'attached' ? arrived(message.runnerId) : undefined),
      // A message may have been missed, so all waiting callers check again.
      onGap: () => [...this.waiting.keys()].forEach(arrived),
    });
  }

  /** To be called before checking whether the runner is connected. `arrived` resolves to false when the time is over. */
  expect(runnerId: string, withinMs: number): { arrived: Promise<boolean>; forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const come = (): void => resolve(true);
    const all = this.waiting.get(runnerId) ?? new Set();
    this.waiting.set(runnerId, all.add(come));
    const timer = setTimeout(() => resolve(false), withinMs);
    const forget = (): void => {
      clearTimeout(timer);
      all.delete(come);
      if (all.size === 0 && this.waiting.get(runnerId) === all) this.waiting.delete(runnerId);
    };
    return { arrived: promise, forget };
  }
}
