import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type SessionEventData, SubagentRun } from '@pizzapi/protocol';
import { removeFolderAtEnd, temporaryFolder } from '@pizzapi/testing';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { EventLog, SessionFixture } from './session-fixture.js';
import type { AgentConsents, SubagentPorts } from '../src/subagents/subagent-ports.js';

/** What the scripted model was asked. */
interface ChatRequest {
  messages: { role: string; content?: unknown }[];
  tools?: unknown[];
}

/** Consents in memory; the product keeps them in files. */
export class KeptConsents implements AgentConsents {
  readonly kept = new Set<string>();

  has({ path, hash }: { path: string; hash: string }, userId: string): boolean {
    return this.kept.has(`${userId} ${hash} ${path}`);
  }

  add({ path, hash }: { path: string; hash: string }, { userId }: { userId: string }): void {
    this.kept.add(`${userId} ${hash} ${path}`);
  }
}

/** One for all tests of a process. */
let compileCacheDir: Promise<string> | undefined;

/** Agents of the user in the home's folder, those of the project in the working folder's. */
export async function portsOf(fixture: SessionFixture, changes: Partial<SubagentPorts> = {}): Promise<SubagentPorts> {
  compileCacheDir ??= keptFolder();
  return {
    folders: [
      { path: join(fixture.home, 'agents'), source: 'user' },
      { path: join(fixture.cwd, '.pizzapi', 'agents'), source: 'project' },
    ],
    consents: new KeptConsents(),
    compileCacheDir: await compileCacheDir,
    ...changes,
  };
}

async function keptFolder(): Promise<string> {
  const folder = await temporaryFolder('compiled');
  removeFolderAtEnd(folder);
  return folder;
}

export async function writeAgent(
  folder: string,
  name: string,
  fields: Record<string, string> = {},
  prompt = `You are ${name}.`,
): Promise<string> {
  const path = join(folder, `${name}.md`);
  const all = { name, description: `Does what ${name} does.`, ...fields };
  const lines = Object.entries(all).map(([field, value]) => `${field}: ${value}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, ['---', ...lines, '---', '', prompt, ''].join('\n'));
  return path;
}

const ToolResult = Type.Object({
  content: Type.Array(Type.Object({ text: Type.String() })),
  isError: Type.Boolean(),
  details: SubagentRun,
  usage: Type.Optional(Type.Unknown()),
});

/** The result of the tool `subagent` as its entry holds it. */
export function resultIn(log: EventLog): { text: string; isError: boolean; run: SubagentRun; usage: unknown } {
  const entry = log.of('entry.appended').find(({ kind }) => kind === 'tool');
  const { content, isError, details, usage } = Value.Parse(ToolResult, entry?.content);
  return { text: content.map(({ text }) => text).join('\n'), isError, run: details, usage };
}

export function changesIn(log: EventLog): SessionEventData<'subagent.changed'>[] {
  return log.of('subagent.changed');
}

/** What the last message of a request says. */
export function lastWords({ messages }: ChatRequest): string {
  return JSON.stringify(messages.at(-1)?.content ?? '');
}

export function isFromSubagent({ messages }: ChatRequest): boolean {
  return JSON.stringify(messages[0]).includes('You are the subagent');
}

const Tool = Type.Object({ function: Type.Object({ name: Type.String() }) });

export function toolNames({ tools = [] }: ChatRequest): string[] {
  return tools.map((tool) => Value.Parse(Tool, tool).function.name).sort();
}

/** Processes of the fixture's subagents, and what those started: all inherit its folder. */
export function processesOf({ agentDir }: SessionFixture): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && environmentOf(pid).includes(`PI_CODING_AGENT_DIR=${agentDir}`));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
