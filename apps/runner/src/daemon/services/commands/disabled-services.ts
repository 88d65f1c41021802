import { Injectable } from '@nestjs/common';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RunnerConfig } from '../../../config/runner-config.js';
import { readJsonFile, writePrivateFile } from '../../../files/private-file.js';
import { InjectConfig } from '../../settings/settings.module.js';

const DisabledFile = Type.Object({ disabled: Type.Array(Type.String()) });
const validator = Compile(DisabledFile);

/** The services that a person switched off, kept over restarts, and also while a service's folder is away. */
@Injectable()
export class DisabledServices {
  private readonly path: string;
  private readonly ids: Set<string>;

  constructor(@InjectConfig() config: RunnerConfig) {
    this.path = config.layout.disabledServicesFile;
    const content = readJsonFile(this.path);
    this.ids = new Set(validator.Check(content) ? content.disabled : []);
  }

  has(serviceId: string): boolean {
    return this.ids.has(serviceId);
  }

  set(serviceId: string, isDisabled: boolean): void {
    if (isDisabled) this.ids.add(serviceId);
    else this.ids.delete(serviceId);
    writePrivateFile(this.path, `${JSON.stringify({ disabled: [...this.ids].sort() }, null, 2)}\n`);
  }
}
