import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { readJsonFile, writePrivateFile } from '../../../files/private-file.js';

/** By the relay's address, then by the service's id. */
const KeyFile = Type.Record(Type.String(), Type.Record(Type.String(), Type.String({ minLength: 1 })));
const validator = Compile(KeyFile);

/** The keys that relays gave to the services of this runner. */
export class ServiceKeysFile {
  private keys: Static<typeof KeyFile>;

  constructor(
    private readonly path: string,
    private readonly relayUrl: string,
  ) {
    const content = readJsonFile(path);
    this.keys = validator.Check(content) ? content : {}; // a damaged file costs new keys, no more
  }

  get(serviceId: string): string | null {
    return this.keys[this.relayUrl]?.[serviceId] ?? null;
  }

  set(serviceId: string, apiKey: string | null): void {
    const { [serviceId]: _, ...others } = this.keys[this.relayUrl] ?? {};
    const ours = apiKey === null ? others : { ...others, [serviceId]: apiKey };
    this.keys = { ...this.keys, [this.relayUrl]: ours };
    writePrivateFile(this.path, `${JSON.stringify(this.keys, null, 2)}\n`);
  }
}
