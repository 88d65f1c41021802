import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AgentConsents, ConsentedAgent } from '@pizzapi/agent';
import type { ApprovalPerson } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { readJsonFile, writePrivateFile } from '../../files/private-file.js';

const Consent = Type.Object({
  thing: Type.Literal('agent'),
  path: Type.String(),
  hash: Type.String(),
  userId: Type.String(),
  userName: Type.String(),
  at: Type.String(),
});
const validator = Compile(Consent);

/** Consents to projects' agents, one file for each person and agent: workers of several sessions write at once. */
export class AgentConsentFiles implements AgentConsents {
  constructor(private readonly folder: string) {}

  /** A damaged file counts as no consent, and so does one about other content. */
  has({ path, hash }: ConsentedAgent, userId: string): boolean {
    const found = readJsonFile(this.fileOf(path, userId));
    return validator.Check(found) && found.path === path && found.hash === hash && found.userId === userId;
  }

  add({ path, hash }: ConsentedAgent, { userId, name }: ApprovalPerson): void {
    const consent = { thing: 'agent', path, hash, userId, userName: name, at: new Date().toISOString() };
    writePrivateFile(this.fileOf(path, userId), `${JSON.stringify(consent, null, 2)}\n`);
  }

  private fileOf(path: string, userId: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify(['agent', userId, path]))
      .digest('hex');
    return join(this.folder, `${name}.json`);
  }
}
