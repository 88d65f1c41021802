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

/** People's answers to whether a project's plugins (or MCP servers) may be used. One file per plugin or list of servers, because the workers of several sessions write at once. */
export class PluginTrustFiles implements PluginTrust {
  constructor(
    private readonly folder: string,
    private readonly thing: Judgement['thing'] = 'plugin',
  ) {}

  /** A damaged file counts as no answer, and so does one about other content. */
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

  /** Sorted by path. */
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
