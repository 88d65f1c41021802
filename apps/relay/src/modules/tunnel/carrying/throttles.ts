import { Injectable } from '@nestjs/common';
import { type Pacing, SmallFirst, Throttle } from '@pizzapi/tunnel';
import { LRUCache } from 'lru-cache';
import { RelayConfig } from '../../../config/config.js';
import type { Reach } from '../access/reach.js';
import { tunnelBytes } from '../tunnel.metrics.js';
import { ByteMeter } from './byte-meter.js';

/** Those who are left out have been quiet for long, and may begin anew. */
const MAX_KNOWN = 10_000;

/** Bounds the bytes of each runner and each caller on this replica, lets small exchanges go first, and counts all bytes. */
@Injectable()
export class Throttles {
  private readonly meter = new ByteMeter((bytes) => tunnelBytes.inc(bytes));
  private readonly smallFirst = new SmallFirst();
  private readonly known = new LRUCache<string, Throttle>({ max: MAX_KNOWN });

  constructor(private readonly config: RelayConfig) {}

  /** For one exchange that begins. */
  of({ tunnel, userId }: Reach): Pacing[] {
    const { bytesPerSecondPerRunner, bytesPerSecondPerCaller } = this.config.tunnelLimits;
    return [
      this.meter,
      this.smallFirst.begin(),
      ...this.one(`runner ${tunnel.runnerId}`, bytesPerSecondPerRunner),
      ...this.one(`caller ${userId}`, bytesPerSecondPerCaller),
    ];
  }

  private one(name: string, bytesPerSecond: number | null): Throttle[] {
    if (bytesPerSecond === null) return [];
    const throttle = this.known.get(name) ?? new Throttle(bytesPerSecond);
    this.known.set(name, throttle);
    return [throttle];
  }
}
