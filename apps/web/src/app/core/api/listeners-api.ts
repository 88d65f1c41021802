import { Service, inject } from '@angular/core';
import {
  type CreateListenerDto,
  createListener,
  getListener,
  listListeners,
  removeListener,
  replaceListener,
} from '@pizzapi/api-client';
import type { ListenerView } from '@pizzapi/protocol';
import { isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';
import { isListener } from './trigger-shapes';

/** Everything that can be set on a listener. */
export type ListenerRequest = CreateListenerDto;

const isListenerPage = isPageAnswer('listeners', isListener);

/** A runner's standing orders. */
@Service()
export class ListenersApi {
  private readonly relay = inject(RelayClient);

  async list(runnerId: string, cursor?: string): Promise<PageOf<'listeners', ListenerView>> {
    const { data } = await listListeners({ ...this.relay.options, path: { runnerId }, query: { cursor } });
    return expected(data, isListenerPage);
  }

  async get(runnerId: string, listenerId: string): Promise<ListenerView> {
    return expected((await getListener({ ...this.relay.options, path: { runnerId, listenerId } })).data, isListener);
  }

  /** With the same key twice, one listener. */
  async create(runnerId: string, body: ListenerRequest, idempotencyKey: string): Promise<ListenerView> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    const { data } = await createListener({ ...this.relay.options, path: { runnerId }, body, headers });
    return expected(data, isListener);
  }

  async replace(runnerId: string, target: string, body: ListenerRequest): Promise<ListenerView> {
    const { data } = await replaceListener({ ...this.relay.options, path: { runnerId, target }, body });
    return expected(data, isListener);
  }

  async remove(runnerId: string, target: string): Promise<void> {
    // After the time to undo it, this may be sent while the page is being closed.
    await removeListener({ ...this.relay.options, path: { runnerId, target }, keepalive: true });
  }
}
