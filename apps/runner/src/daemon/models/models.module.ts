import { Module } from '@nestjs/common';
import { RelayModule } from '../relay/relay.module.js';
import { ModelsGateway } from './models.gateway.js';

@Module({ imports: [RelayModule], providers: [ModelsGateway] })
export class ModelsModule {}
