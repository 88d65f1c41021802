import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Channels } from '../../platform/redis/channels.js';
import { tunnelKeys } from '../../platform/redis/keys.js';
import { parseJson } from '../../platform/redis/parse-json.js';
import { Redis } from '../../platform/redis/redis.js';

const News = Type.Union([
  Type.Object({ news: Type.Literal('closed'), tunnelIds: Type.Array(Type.String()) }),
  /** A runner has connected, so its other connections are outdated. */
  Type.Object({ news: Type.Literal('attached'), runnerId: Type.String(), connectionId: Type.String() }),
  Type.Object({ news: Type.Literal('runner-removed'), runnerId: Type.String() }),
  /** Running exchanges may no longer be allowed. */
  Type.Object({ news: Type.Literal('policy-changed'), organisationId: Type.String() }),
]);
export type News = Static<typeof News>;

export interface NewsListener {
  onNews(news: News): void;
  /** Messages may have been missed. */
  onGap(): void;
}

const check = Compile(News);

/** Messages about tunnels to all replicas: this one gets them immediately, the others a moment later. */
@Injectable()
export class TunnelNews implements OnModuleInit {
  private readonly listeners: NewsListener[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly channels: Channels,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.channels.subscribe(tunnelKeys.news, {
      onMessage: (json) => {
        const news: unknown = parseJson(json);
        if (check.Check(news)) this.tellHere(news);
      },
      onGap: () => this.listeners.forEach((listener) => listener.onGap()),
    });
  }

  listen(listener: NewsListener): void {
    this.listeners.push(listener);
  }

  async tell(news: News): Promise<void> {
    this.tellHere(news);
    await this.redis.commands.spublish(tunnelKeys.news, JSON.stringify(news));
  }

  private tellHere(news: News): void {
    for (const listener of this.listeners) listener.onNews(news);
  }
}
