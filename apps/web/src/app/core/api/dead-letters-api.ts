import { Service, inject } from '@angular/core';
import {
  countDeadLetters,
  discardDeadLetters,
  getDeadLetter,
  listDeadLetters,
  replayDeadLetters,
} from '@pizzapi/api-client';
import type { DeadLetterView } from '@pizzapi/protocol';
import { isDeadLetterCount } from '../realtime/message-shapes';
import { has, isCount, isListOf, isRecord } from '../shape';
import { isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';
import { isDeadLetter } from './trigger-shapes';

export interface DeadLetterFilter {
  sessionId?: string | undefined;
  type?: string | undefined;
}

/** The outcome for many: those that the relay refused come with the reason. */
export interface ManyDone {
  done: number;
  failed: { id: string; detail: string }[];
}

const isDeadLetterPage = isPageAnswer('deadLetters', isDeadLetter);
const isFailedList = (value: unknown): value is ManyDone['failed'] =>
  isListOf(value, (each) => has(each, 'id', 'detail'));

function isManyAnswer<K extends 'replayed' | 'discarded'>(name: K) {
  return (body: unknown): body is Record<K, number> & { failed: ManyDone['failed'] } =>
    isRecord(body) && isCount(body[name]) && isFailedList(body['failed']);
}
const isReplayed = isManyAnswer('replayed');
const isDiscarded = isManyAnswer('discarded');

/** What could not be delivered. */
@Service()
export class DeadLettersApi {
  private readonly relay = inject(RelayClient);

  async list(filter: DeadLetterFilter, cursor?: string): Promise<PageOf<'deadLetters', DeadLetterView>> {
    const { data } = await listDeadLetters({ ...this.relay.options, query: { ...filter, cursor } });
    return expected(data, isDeadLetterPage);
  }

  async count(filter: DeadLetterFilter = {}): Promise<number> {
    const { data } = await countDeadLetters({ ...this.relay.options, query: filter });
    return expected(data, isDeadLetterCount).count;
  }

  async get(id: string): Promise<DeadLetterView> {
    return expected((await getDeadLetter({ ...this.relay.options, path: { id } })).data, isDeadLetter);
  }

  async replay(ids: string[]): Promise<ManyDone> {
    const { data } = await replayDeadLetters({ ...this.relay.options, body: { ids } });
    const { replayed, failed } = expected(data, isReplayed);
    return { done: replayed, failed };
  }

  async discard(ids: string[]): Promise<ManyDone> {
    const { data } = await discardDeadLetters({ ...this.relay.options, body: { ids } });
    const { discarded, failed } = expected(data, isDiscarded);
    return { done: discarded, failed };
  }
}
