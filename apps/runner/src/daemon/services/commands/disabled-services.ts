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
  private ids: ReadonlySet<string>;

  constructor(@InjectConfig() config: RunnerConfig) {
    this.path = config.layout.disabledServicesFile;
    const content = readJsonFile(this.path);
    this.ids = new Set(validator.Check(content) ? content.disabled : []);
  }

  has(serviceId: string): boolean {
    return this.ids.has(serviceId);
  }

  /** @throws when it cannot be written down; then nothing has changed */
  set(serviceId: string, isDisabled: boolean): void {
    const others = [...this.ids].filter((id) => id !== serviceId);
    const disabled = isDisabled ? [...others, serviceId].sort() : others;
    writePrivateFile(this.path, `${JSON.stringify({ disabled }, null, 2)}\n`);
    this.ids = new Set(disabled);
  }
}
