import { Injectable } from '@nestjs/common';
import { type Pacing, SmallFirst, Throttle } from '@pizzapi/tunnel';
import { LRUCache } from 'lru-cache';
import { RelayConfig } from '../../../config/config.js';
import type { Reach } from '../access/reach.js';
import { tunnelBytes } from '../tunnel.metrics.js';
import { ByteMeter } from './byte-meter.js';

/** The least recently used are dropped. They have been idle for long, so they may start with a full budget again. */
const MAX_KNOWN = 10_000;

/** Limits the bytes of each runner and each caller on this replica, favours small exchanges, and counts all bytes. */
@Injectable()
export class Throttles {
  private readonly meter = new ByteMeter((bytes) => tunnelBytes.inc(bytes));
  private readonly smallFirst = new SmallFirst();
  private readonly known = new LRUCache<string, Throttle>({ max: MAX_KNOWN });

  constructor(private readonly config: RelayConfig) {}

  /** The pacing of a new exchange. */
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
