import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real folder of services: of its own, or a runner's. */
export class ServicesFolder implements Disposable {
  constructor(readonly path = mkdtempSync(join(tmpdir(), 'pizzapi-services-'))) {}

  /** Writes a service's files, also in folders of its own; what is no text becomes JSON. */
  write(folder: string, files: Record<string, unknown>): void {
    mkdirSync(join(this.path, folder), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    }
  }

  remove(folder: string): void {
    rmSync(join(this.path, folder), { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
