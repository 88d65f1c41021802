import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { FrontDoor } from './door/front-door.js';
import { HttpDrain } from './http-drain.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRecords } from './idempotency-records.js';
import { ProblemFilter } from './problem.filter.js';
import { Proxies } from './proxies.js';
import { RateLimits } from './rate-limits.js';
import { RequestValidationPipe } from './validation.pipe.js';

/** What every request goes through, whatever its feature. */
@Global()
@Module({
  providers: [
    FrontDoor,
    HttpDrain,
    IdempotencyRecords,
    Proxies,
    RateLimits,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
  ],
  exports: [FrontDoor, HttpDrain, Proxies, RateLimits],
})
export class HttpModule {}
