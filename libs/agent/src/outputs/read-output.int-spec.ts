import { addOvenLog, ovenLog, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import type { OutputPiece } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import { textOf } from '../../testing/sandbox-fixture.js';
import type { AgentHost } from '../session/agent-host.js';

const LINES = 40_000;
const MARK = '\n[… output cut here: more than 64 KiB …]\n';
const maxOutputBytes = 64 * 1024;

let model: ScriptedModel;
let fixture: SessionFixture;
beforeEach(async () => {
  model = await startScriptedModel();
  // What is read here is more than the scripted model says that it takes.
  fixture = await SessionFixture.create(model.modelsJson, { compaction: { enabled: false } });
  await addOvenLog(fixture.agentDir);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

function piecesOf(host: AgentHost, entryId: string): OutputPiece[] {
  const pieces: OutputPiece[] = [];
  for (let from: number | null = 0; from !== null; from = pieces.at(-1)?.next ?? null)
    pieces.push(host.readOutput(entryId, from));
  return pieces;
}

/** Each is turned into bytes for itself at the other end. */
function textIn(pieces: OutputPiece[]): string {
  return Buffer.concat(pieces.map(({ text }) => Buffer.from(text))).toString();
}

async function ranTool(log: EventLog, host: AgentHost, lines: number) {
  model.next(
    (answer) => answer.toolCall('oven_log', { lines }),
    (answer) => answer.text('Read.'),
  );
  await host.receive([anInput('Read the log')]);
  await log.untilIdle();
  const entries = log.of('entry.appended');
  const result = entries.find(({ kind }) => kind === 'tool');
  if (!result) throw new Error('the tool has no result');
  return { entries, result };
}

describe('what a tool put out', () => {
  it('is told up to the limit, and how much there is; all of it is read piece by piece', async () => {
    const { host, log } = await fixture.started({ maxOutputBytes });
    const { result } = await ranTool(log, host, LINES);
    const whole = ovenLog(LINES);
    // The model has seen all of it. Compared as a fact: as texts, a failure would print megabytes.
    expect(JSON.stringify(model.requests[1]).includes(JSON.stringify(whole).slice(1, -1))).toBe(true);
    const bytes = Buffer.byteLength(whole);
    expect(result.outputBytes).toBe(bytes);
    expect(textOf(result.content).endsWith(MARK)).toBe(true);
    expect(Buffer.byteLength(textOf(result.content))).toBeLessThanOrEqual(maxOutputBytes + Buffer.byteLength(MARK));
    const live = log.of('tool.output').map(({ delta }) => delta);
    expect(live.join('') === textOf(result.content)).toBe(true);

    const pieces = piecesOf(host, result.entryId);
    expect(pieces.length).toBeGreaterThan(4);
    expect(textIn(pieces) === whole).toBe(true);
    expect(new Set(pieces.map((piece) => piece.bytes))).toEqual(new Set([bytes]));
  });

  it('is there again after a restart, and told anew with its length to a relay that has lost it', async () => {
    const before = await fixture.started({ maxOutputBytes });
    const { result } = await ranTool(before.log, before.host, LINES);
    await before.host.close('shutdown');
    const { host } = await fixture.open({ isResume: true, maxOutputBytes });
    const told = host.entriesAfter(null).find(({ kind }) => kind === 'tool');
    expect(told).toMatchObject({ entryId: result.entryId, outputBytes: Buffer.byteLength(ovenLog(LINES)) });
    expect(textOf(told?.content) === textOf(result.content)).toBe(true);
    expect(textIn(piecesOf(host, result.entryId)) === ovenLog(LINES)).toBe(true);
  });

  it('is read as well where nothing was cut, and never from a file that it names', async () => {
    const { host, log } = await fixture.started();
    const { result } = await ranTool(log, host, 2);
    expect(result).not.toHaveProperty('outputBytes');
    expect(result.content).toMatchObject({ details: { fullOutputPath: '/etc/hostname' } });
    const bytes = Buffer.byteLength(ovenLog(2));
    expect(host.readOutput(result.entryId, 0)).toEqual({ text: ovenLog(2), next: null, bytes });
  });

  it('is refused by name where there is none', async () => {
    const { host, log } = await fixture.started();
    const { entries } = await ranTool(log, host, 2);
    expect(() => host.readOutput('ffffffff', 0)).toThrow(expect.objectContaining({ code: 'entry_unknown' }));
    for (const { entryId, kind } of entries.filter((entry) => entry.kind !== 'tool'))
      expect(() => host.readOutput(entryId, 0), kind).toThrow(expect.objectContaining({ code: 'no_tool_output' }));
  });
});
