import { Global, Module } from '@nestjs/common';
import { SecretKeys } from './secret-keys.js';

@Global()
@Module({ providers: [SecretKeys], exports: [SecretKeys] })
export class SecretsModule {}
