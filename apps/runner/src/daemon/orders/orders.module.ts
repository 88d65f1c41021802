import { Module } from '@nestjs/common';
import { RelayModule } from '../relay/relay.module.js';
import { WorkersModule } from '../workers/workers.module.js';
import { OrdersGateway } from './orders.gateway.js';

@Module({ imports: [RelayModule, WorkersModule], providers: [OrdersGateway] })
export class OrdersModule {}
