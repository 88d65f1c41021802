import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { RunnersModule } from '../runners/index.js';
import { ServicesController } from './services.controller.js';

/** Services of runners, as people see and command them. They run in the runner; the relay keeps what they announce. */
@Module({ imports: [AuthModule, RunnersModule], controllers: [ServicesController] })
export class ServicesModule {}
