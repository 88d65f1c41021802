import { Module } from '@nestjs/common';
import { RelayModule } from '../relay/relay.module.js';
import { FoldersGateway } from './folders.gateway.js';

@Module({ imports: [RelayModule], providers: [FoldersGateway] })
export class FoldersModule {}
