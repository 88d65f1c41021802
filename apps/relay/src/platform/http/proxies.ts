import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** What Express's types leave out. */
interface CompiledTrust {
  get(name: 'trust proxy fn'): (address: string, hop: number) => boolean;
}

/** Who is at the other end, for those who serve a request without Express. */
@Injectable()
export class Proxies {
  constructor(private readonly host: HttpAdapterHost<AbstractHttpAdapter>) {}

  /** What the next one is told in `X-Forwarded-For`: what a trusted proxy said, and whoever sent the request. */
  forwardedFor({ socket, headers }: IncomingMessage): string {
    const sender = socket.remoteAddress ?? '';
    const said = headers['x-forwarded-for'];
    return said !== undefined && this.isTrusted(sender) ? `${String(said)}, ${sender}` : sender;
  }

  /** As `PIZZAPI_TRUSTED_PROXIES` says; Express has compiled it. */
  private isTrusted(address: string): boolean {
    return this.host.httpAdapter.getInstance<CompiledTrust>().get('trust proxy fn')(address, 0);
  }
}
