import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Pacing } from '../flow/pacing.js';
import type { HeaderList } from '../http/header-list.js';
import type { Destination } from '../target.js';
import type { Revocation } from './revocation.js';

/** The head of a service's answer. */
export interface AnswerHead {
  status: number;
  headers: HeaderList;
}

/** One request of a client that is carried to a service, and its answer back. */
interface Exchange {
  destination: Destination;
  request: IncomingMessage;
  /** Path and query, as the service should get them. */
  path: string;
  /** As the service should get them; begin with `headersOf(request)`. `Host` is the answering end's to say. */
  headers: HeaderList;
  /** The origin under which the client knows the service. `Origin` and `Referer` that name it name the service's own when they arrive. */
  publicOrigin?: string;
  /** May change what the client gets to see of the answer's head. Of an accepted upgrade the status stays 101. */
  rewriteAnswer?: (head: AnswerHead) => AnswerHead;
  /** Ends the exchange at any point, as when its credential is revoked. */
  revocation?: Revocation;
  /** Each bounds the bytes of both directions together. */
  throttles?: readonly Pacing[];
}

export interface RequestExchange extends Exchange {
  response: ServerResponse;
}

/** A request that asks for a WebSocket, as a server's `upgrade` event hands it over. */
export interface UpgradeExchange extends Exchange {
  socket: Duplex;
  head: Buffer;
}

/** How an exchange ended, once the answer had begun. */
export const ExchangeEnd = {
  complete: 'complete',
  /** The client closed its connection. */
  clientLeft: 'client-left',
  /** What lets it in was revoked. */
  revoked: 'revoked',
  /** The service or the connection broke off; the client's connection was destroyed, so that it can't take a part for the whole. */
  cut: 'cut',
} as const;
export type ExchangeEnd = (typeof ExchangeEnd)[keyof typeof ExchangeEnd];
