import type { AgentTunnelRequest, TunnelView } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const tunnel: TunnelView = {
  tunnelId: 'tun_1',
  runnerId: '019a9f3e-0000-7000-8000-000000000001',
  sessionId: '019a9f3e-0000-7000-8000-000000000002',
  serviceId: null,
  port: 5173,
  name: 'Vite',
  ownerId: 'usr_1',
  openedBy: 'agent',
  origin: 'http://abc.localhost:7492',
  url: 'http://127.0.0.1:7492/open-tunnel/abc',
  createdAt: '2026-01-01T00:00:00.000Z',
};
const panel: TunnelView = {
  ...tunnel,
  tunnelId: 'tun_2',
  sessionId: null,
  serviceId: 'github',
  name: 'Git\nHub',
  port: null,
};

/** Lets the model call one tool; resolves to what was asked of the relay and what the model read. */
async function call(
  tool: string,
  args: object,
  answer: TunnelView[] | Error = [],
): Promise<{ asked: AgentTunnelRequest[]; text: string; isError: boolean; details: unknown }> {
  const asked: AgentTunnelRequest[] = [];
  const request = (message: AgentTunnelRequest): Promise<{ tunnels: TunnelView[] }> => {
    asked.push(message);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ tunnels: answer });
  };
  const { host, log } = await fixture.started({ tunnels: { request } });
  model.next(
    (said) => said.toolCall(tool, args),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
  const result = log.of('entry.appended').find(({ kind }) => kind === 'tool')?.content;
  const empty = { content: [{ text: '' }], isError: false, details: undefined };
  const { content, isError, details } = Object.assign(empty, result);
  return { asked, text: content[0]?.text ?? '', isError, details };
}

describe("the agent's tunnel tools", () => {
  it('are not there without a way to ask', async () => {
    const { host, log } = await fixture.started();
    model.next((said) => said.text('Hi'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(JSON.stringify(model.requests[0])).not.toContain('tunnel');
  });

  it('expose a port, and say where it is and who alone may open it', async () => {
    const { asked, text, details } = await call('create_tunnel', { port: 5173, name: 'Vite' }, [tunnel]);
    expect(details).toEqual({ name: 'Vite', url: tunnel.url }); // for whoever shows the call to a person
    expect(asked).toEqual([{ request: 'create', port: 5173, name: 'Vite' }]);
    const [first, second, third] = text.split('\n');
    expect([first, second]).toEqual(['Exposed.', `tun_1: port 5173, "Vite", ${tunnel.url}`]);
    expect(third).toContain('Only the person whose session this is can open it');
    const tools = JSON.stringify(model.requests[0]?.tools);
    for (const name of ['create_tunnel', 'list_tunnels', 'close_tunnel']) expect(tools).toContain(`"${name}"`);
    expect(JSON.stringify(model.requests[0]?.messages)).toContain('create_tunnel: Show the person');
  });

  it.each([0, 65_536])('refuse the port %d without asking', async (port) => {
    const { asked, isError } = await call('create_tunnel', { port });
    expect([asked, isError]).toEqual([[], true]);
  });

  it("list the session's own and the panels of services, each on one line", async () => {
    const { asked, text } = await call('list_tunnels', {}, [tunnel, panel]);
    expect(asked).toEqual([{ request: 'list' }]);
    expect(text.split('\n').slice(0, 2)).toEqual([
      `tun_1: port 5173, "Vite", ${tunnel.url}`,
      `tun_2: panel "Git Hub" of the service github (not running now), ${tunnel.url}`,
    ]);
  });

  it('say that there are none', async () => {
    expect((await call('list_tunnels', {})).text).toBe('No port is exposed for this session.');
  });

  it.each([
    [{ tunnelId: 'tun_1' }, { request: 'close', tunnelId: 'tun_1' }],
    [{ port: 5173 }, { request: 'close-port', port: 5173 }],
  ])('close %j', async (args, request) => {
    expect(await call('close_tunnel', args)).toMatchObject({ asked: [request], text: 'Closed.', isError: false });
  });

  it.each([[{}], [{ tunnelId: 'tun_1', port: 5173 }]])('refuse to close %j, without asking', async (args) => {
    const { asked, text, isError } = await call('close_tunnel', args);
    expect([asked, isError]).toEqual([[], true]);
    expect(text).toContain('list_tunnels');
  });

  it("turn a refusal into a tool error with the relay's sentence", async () => {
    const sentence = 'Port 7492 is the relay itself.';
    const { text, isError } = await call('create_tunnel', { port: 7492 }, new Error(sentence));
    expect([text, isError]).toEqual([sentence, true]);
  });
});
