import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real folder of services: of its own, or a runner's. */
export class ServicesFolder implements Disposable {
  constructor(readonly path = mkdtempSync(join(tmpdir(), 'pizzapi-services-'))) {}

  /** Writes a service's files; what is no text becomes JSON. */
  write(folder: string, files: Record<string, unknown>): void {
    mkdirSync(join(this.path, folder), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(this.path, folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  remove(folder: string): void {
    rmSync(join(this.path, folder), { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
