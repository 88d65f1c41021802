import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '../../platform/database/database.js';
import { Public } from '../../platform/http/public.js';
import { Redis } from '../../platform/redis/redis.js';

/** How long a store may take to answer: longer than a working one ever does, shorter than load balancers wait. */
const PATIENCE_MS = 1_000;

interface Readiness {
  status: 'ready' | 'not ready';
  /** The stores that do not answer. */
  missing: string[];
}

/** For load balancers and process supervisors. `live`: the process responds; `ready`: it can serve requests. */
@Controller('health')
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly redis: Redis,
    private readonly database: Database,
  ) {}

  @Get('live')
  @Public()
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const [redis, database] = await Promise.all([answers(this.redis.ping()), answers(this.database.ping())]);
    const missing = [...(redis ? [] : ['redis']), ...(database ? [] : ['database'])];
    if (missing.length === 0) return { status: 'ready', missing };
    response.status(503).setHeader('retry-after', '1');
    return { status: 'not ready', missing };
  }
}

async function answers(ping: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  const answered = ping.then(
    () => true,
    () => false, // the reason is logged by the store's own connection
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
