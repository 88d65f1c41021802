import { Injectable } from '@nestjs/common';
import { Uuid } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { v7 as uuidv7 } from 'uuid';
import { ConfigError } from '../../config/config-error.js';
import type { RunnerConfig } from '../../config/runner-config.js';
import { readJsonFile, readTextFile, writePrivateFile } from '../../files/private-file.js';
import { InjectConfig } from '../settings/settings.module.js';

const IdentityFile = Type.Object({
  runnerId: Uuid,
  /** Keys that relays gave this runner by enrolment, by the relay's address. */
  relays: Type.Optional(Type.Record(Type.String(), Type.Object({ apiKey: Type.String() }))),
});
type IdentityFile = Static<typeof IdentityFile>;
const validator = Compile(IdentityFile);

/** `runner.json`: who this runner is, for good, and the keys it got by enrolment. */
@Injectable()
export class RunnerIdentity {
  private readonly path: string;
  private content: IdentityFile;

  constructor(@InjectConfig() config: RunnerConfig) {
    this.path = config.layout.identityFile;
    this.content = this.readOrCreate();
  }

  get runnerId(): string {
    return this.content.runnerId;
  }

  enrolledKey(relayUrl: string): string | undefined {
    return this.content.relays?.[relayUrl]?.apiKey;
  }

  keepKey(relayUrl: string, apiKey: string): void {
    this.write({ ...this.content, relays: { ...this.content.relays, [relayUrl]: { apiKey } } });
  }

  forgetKey(relayUrl: string): void {
    const { [relayUrl]: _, ...others } = this.content.relays ?? {};
    this.write({ ...this.content, relays: others });
  }

  private readOrCreate(): IdentityFile {
    if (readTextFile(this.path) === null) return this.write({ runnerId: uuidv7() });
    const value = readJsonFile(this.path);
    if (validator.Check(value)) return value;
    // A new id would make this machine another runner, without its sessions: a person decides that.
    throw new ConfigError(this.path, 'is damaged; restore it, or remove it to register this machine as a new runner');
  }

  private write(content: IdentityFile): IdentityFile {
    writePrivateFile(this.path, `${JSON.stringify(content, null, 2)}\n`);
    this.content = content;
    return content;
  }
}
