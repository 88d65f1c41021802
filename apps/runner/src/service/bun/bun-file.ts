import { createReadStream, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const TYPES: Record<string, string> = {
  css: 'text/css;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
  gif: 'image/gif',
  htm: 'text/html;charset=utf-8',
  html: 'text/html;charset=utf-8',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript;charset=utf-8',
  json: 'application/json;charset=utf-8',
  md: 'text/markdown;charset=utf-8',
  mjs: 'text/javascript;charset=utf-8',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain;charset=utf-8',
  wasm: 'application/wasm',
  webm: 'video/webm',
  webp: 'image/webp',
  woff2: 'font/woff2',
  xml: 'application/xml',
};

/** The part of `Bun.file` that reads: a Blob whose bytes stay on disk until somebody wants them. */
export class BunFile extends Blob {
  readonly name: string;

  /** @param path relative to the service's folder; it need not be there yet */
  constructor(path: string | URL, { type }: { type?: string } = {}) {
    const name = path instanceof URL ? fileURLToPath(path) : path;
    super([], { type: type ?? TYPES[extname(name).slice(1).toLowerCase()] ?? 'application/octet-stream' });
    this.name = name;
    // 0 while there is no such file, as in Bun. A Blob's own is one that a subclass may not override.
    Object.defineProperty(this, 'size', { get: () => statSync(name, { throwIfNoEntry: false })?.size ?? 0 });
  }

  get lastModified(): number {
    return statSync(this.name, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  async exists(): Promise<boolean> {
    return stat(this.name).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  override stream(): ReturnType<Blob['stream']> {
    // Whoever is sent it only sees that it breaks off.
    const file = createReadStream(this.name).once('error', (error) => console.error(error));
    const bytes: ReturnType<Blob['stream']> = Readable.toWeb(file);
    return bytes;
  }

  override async text(): Promise<string> {
    return readFile(this.name, 'utf8');
  }

  async json(): Promise<unknown> {
    const content: unknown = JSON.parse(await this.text());
    return content;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(await readFile(this.name)).buffer;
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }
}
