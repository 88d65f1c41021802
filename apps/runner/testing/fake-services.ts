import type { SocketAnswer } from '@pizzapi/protocol';

interface FiredTrigger {
  serviceId: string;
  body: unknown;
  idempotencyKey: string | undefined;
}

interface HttpAnswer {
  status: number;
  content: object;
}

/** The fake relay's part for services: their keys, and what they fire. */
export class FakeServices {
  /** Which services asked for a key, in that order. */
  readonly keyRequests: string[] = [];
  /** By key, the service it was given to. */
  readonly keys = new Map<string, string>();
  refusesKeys = false;
  readonly fired: FiredTrigger[] = [];

  /** Each new key ends the one before. */
  giveKey(serviceId: string): SocketAnswer<{ apiKey: string }> {
    this.keyRequests.push(serviceId);
    if (this.refusesKeys) return { ok: false, problem: { code: 'service_unknown', detail: 'No such service.' } };
    for (const [key, owner] of this.keys) if (owner === serviceId) this.keys.delete(key);
    const apiKey = `pza_${serviceId}_${this.keyRequests.length}`;
    this.keys.set(apiKey, serviceId);
    return { ok: true, apiKey };
  }

  fire(apiKey: string, body: unknown, idempotencyKey: string | undefined): HttpAnswer {
    const serviceId = this.keys.get(apiKey);
    if (serviceId === undefined)
      return { status: 401, content: { code: 'unauthenticated', detail: 'This key is not valid.' } };
    this.fired.push({ serviceId, body, idempotencyKey });
    const triggerId = `trg_${this.fired.length}`;
    return { status: 202, content: { ok: true, triggerId, subscriptions: 1, listeners: 0 } };
  }
}
