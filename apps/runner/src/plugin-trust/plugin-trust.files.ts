import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedPlugin, PluginTrust } from '@pizzapi/agent';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { isMissingFile } from '../files/file-error.js';
import { readJsonFile, removeFile, writePrivateFile } from '../files/private-file.js';

const Judgement = Type.Object({
  /** A plugin, or a project's file of MCP servers. */
  thing: Type.Union([Type.Literal('plugin'), Type.Literal('mcp')]),
  path: Type.String(),
  hash: Type.String(),
  answer: Type.Union([Type.Literal('trusted'), Type.Literal('refused')]),
  /** Who said so. */
  by: Type.String(),
  at: Type.String(),
});
export type Judgement = Static<typeof Judgement>;
const judgements = Compile(Judgement);

/** Whether projects' plugins (or MCP servers) may be used, one file for each plugin's folder or list of servers: workers of several sessions write at once. */
export class PluginTrustFiles implements PluginTrust {
  constructor(
    private readonly folder: string,
    private readonly thing: Judgement['thing'] = 'plugin',
  ) {}

  /** A file that is torn or of another content is none. */
  answerOn({ path, hash }: JudgedPlugin): Judgement['answer'] | null {
    const found = readJsonFile(this.fileOf(path));
    return judgements.Check(found) && found.path === path && found.hash === hash ? found.answer : null;
  }

  remember({ path, hash }: JudgedPlugin, answer: Judgement['answer'], by: { name: string }): void {
    const { thing } = this;
    const judgement: Judgement = { thing, path, hash, answer, by: by.name, at: new Date().toISOString() };
    writePrivateFile(this.fileOf(path), `${JSON.stringify(judgement, null, 2)}\n`);
  }

  /** @returns whether there was anything to forget */
  forget(path: string): boolean {
    const file = this.fileOf(path);
    const isThere = readJsonFile(file) !== undefined;
    removeFile(file);
    return isThere;
  }

  /** By their paths. */
  get all(): Judgement[] {
    return names(this.folder)
      .map((name) => readJsonFile(join(this.folder, name)))
      .filter((found) => judgements.Check(found))
      .filter(({ thing }) => thing === this.thing)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private fileOf(path: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify([this.thing, path]))
      .digest('hex');
    return join(this.folder, `${name}.json`);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
