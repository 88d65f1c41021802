import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { FireTriggerDto } from '@pizzapi/api-client';
import type { RunnerView } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { aRunner } from '../../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../../testing/silent-connection';
import { find, until } from '../../../testing/until';
import { RunnersApi } from '../../core/api/runners-api';
import { TriggersApi } from '../../core/api/triggers-api';
import { FireForm } from './fire-form';

const def = (type: string, field: string) => ({
  serviceId: 'ci',
  type,
  label: type,
  description: '',
  schema: { type: 'object', required: [field], properties: { [field]: { type: 'string' } } },
});

describe('FireForm', () => {
  async function open(...others: RunnerView[]) {
    const fired: FireTriggerDto[] = [];
    const fire = (_: string, request: FireTriggerDto) => {
      fired.push(request);
      return Promise.resolve({ ok: true, triggerId: 'trg_1', subscriptions: 0, listeners: 0 });
    };
    const runner = aRunner({ triggerDefs: [def('ci:failed', 'branch'), def('ci:passed', 'build')] });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(new SilentConnection()),
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [runner, ...others] }) } },
        { provide: TriggersApi, useValue: { fire, state: () => Promise.resolve({ trigger: {}, deliveries: [] }) } },
      ],
    });
    const fixture = TestBed.createComponent(FireForm);
    const page: HTMLElement = fixture.nativeElement;
    document.body.append(page);
    const type = await until(fixture, () => page.querySelector<HTMLSelectElement>('pz-trigger-type-field select'));
    await until(fixture, () => find(page, 'option', 'ci:failed'));
    return { fixture, page, fired, type, payload: page.querySelector('textarea') };
  }

  async function choose(fixture: ComponentFixture<FireForm>, select: HTMLSelectElement, value: string): Promise<void> {
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await fixture.whenStable();
  }

  it('starts with the choice of the trigger', async () => {
    const { type } = await open();
    expect(document.activeElement).toBe(type);
  });

  it('leaves the focus with the runners while somebody goes through them by keyboard', async () => {
    const bare = aRunner({ runnerId: 'r2', name: 'zzz' });
    const { fixture, page } = await open(bare);
    const runners = await until(fixture, () => page.querySelector<HTMLSelectElement>('select'));
    const first = runners.value;
    runners.focus();
    await choose(fixture, runners, bare.runnerId);
    expect(page.querySelector('pz-trigger-type-field select')).toBeNull();
    await choose(fixture, runners, first);
    expect(page.querySelector('pz-trigger-type-field select')).not.toBeNull();
    expect(document.activeElement).toBe(runners);
  });

  it('offers an example of the payload, and leaves alone what somebody wrote', async () => {
    const { fixture, type, payload } = await open();
    await choose(fixture, type, 'ci:failed');
    expect(payload?.value).toContain('"branch"');
    await choose(fixture, type, 'ci:passed');
    expect(payload?.value).toContain('"build"');
    if (payload) payload.value = '{"build":"9131"}';
    payload?.dispatchEvent(new Event('input'));
    await choose(fixture, type, 'ci:failed');
    expect(payload?.value).toBe('{"build":"9131"}');
  });

  it('fires by Ctrl+Enter from any field', async () => {
    const { fixture, fired, type, payload } = await open();
    await choose(fixture, type, 'ci:failed');
    payload?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
    await until(fixture, () => fired[0]);
    expect(fired).toEqual([{ type: 'ci:failed', payload: { branch: expect.any(String) }, deliverAs: 'followUp' }]);
  });
});
