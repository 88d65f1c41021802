import { expect, it } from 'vitest';
import { CreateListenerDto } from '../../modules/listeners/listeners.dto.js';
import { AgentPolicyDto } from '../../modules/orgs/agent-policy/agent-policy.dto.js';
import { SendInputDto } from '../../modules/sessions/inputs/inputs.dto.js';
import { CreateSessionDto } from '../../modules/sessions/sessions.dto.js';
import { TunnelPolicyDto } from '../../modules/tunnel/policy/tunnel-policy.dto.js';
import { FireTriggerDto } from '../../modules/triggers/firing/firing.dto.js';
import { RequestValidationPipe } from './validation.pipe.js';

const pipe = new RequestValidationPipe();
const parse = (dto: new () => object, body: object): Promise<unknown> =>
  pipe.transform(body, { type: 'body', metatype: dto });

const RUNNER = '3f2f7a0e-6c0c-4a35-9d1f-0d3c6a3f1b11';
const session = { name: null, model: null, cwd: null, prompt: null, attachments: null, parentSessionId: null };

it.each([
  [FireTriggerDto, { type: 'a:b', payload: {}, source: null, summary: null, deliverAs: null }],
  [SendInputDto, { text: 'Hello', deliverAs: null, attachments: null }],
  [CreateSessionDto, { runnerId: RUNNER, ...session }],
])('%o takes null for what is left out, and keeps its defaults', async (dto, body) => {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  expect(await parse(dto, body)).toEqual(Object.assign(new dto(), given));
});

it('keeps null where it says something of its own', async () => {
  expect(await parse(CreateListenerDto, { triggerType: 'a:b', prompt: null, params: null })).toMatchObject({
    prompt: null,
  });
});

it('hands a payload on as it was sent, and looks at the rest', async () => {
  const payload = { constructor: 'Ferrari', inner: [{ prototype: { constructor: null } }] };
  const parsed = await parse(FireTriggerDto, { type: 'a:b', payload });
  expect(parsed).toMatchObject({ payload });
  expect(parsed).toBeInstanceOf(FireTriggerDto);
  await expect(parse(FireTriggerDto, { type: 'a:b', payload, constructor: 1 })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  for (const wrong of ['text', [{}], null, 3])
    await expect(parse(FireTriggerDto, { type: 'a:b', payload: wrong })).rejects.toMatchObject({
      message: 'payload: must be a JSON object',
    });
});

it.each([
  [CreateSessionDto, { runnerId: RUNNER, model: [{ provider: 'a', id: 'b' }] }, 'model'],
  [CreateListenerDto, { triggerType: 'a:b', model: [{ provider: 'a', id: 'b' }] }, 'model'],
  [CreateListenerDto, { triggerType: 'a:b', filters: [[{ field: 'a', value: 1 }]] }, 'filters'],
  [AgentPolicyDto, { sandbox: [{ mode: 'full' }] }, 'sandbox'],
  [AgentPolicyDto, { sandbox: [] }, 'sandbox'],
  [AgentPolicyDto, { approvals: { rules: [[{ tool: 'bash', action: 'deny' }]] } }, 'approvals.rules'],
  [TunnelPolicyDto, { member: [{ ports: [] }] }, 'member'],
])('%o refuses a list where an object is to be: %o', async (dto, body, path) => {
  await expect(parse(dto, body)).rejects.toMatchObject({
    status: 400,
    extra: { errors: expect.arrayContaining([expect.objectContaining({ path })]) as unknown },
  });
});
