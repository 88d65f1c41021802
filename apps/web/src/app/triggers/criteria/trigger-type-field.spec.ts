import { TestBed } from '@angular/core/testing';
import type { AvailableTrigger } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { find, type, until } from '../../../testing/until';
import { TriggerTypeField } from './trigger-type-field';

const ci: AvailableTrigger = {
  type: 'ci:finished',
  label: 'Build finished',
  description: 'A build has ended.',
  serviceId: 'ci',
  schema: { properties: { status: { type: 'string', description: 'How it ended' } } },
  available: true,
};

describe('TriggerTypeField', () => {
  function open(types: AvailableTrigger[], chosen = '') {
    const fixture = TestBed.createComponent(TriggerTypeField);
    fixture.componentRef.setInput('types', types);
    fixture.componentRef.setInput('type', chosen);
    const page: HTMLElement = fixture.nativeElement;
    return { fixture, page };
  }
  function pick(page: HTMLElement, label: string): void {
    const select = page.querySelector('select');
    const option = [...(select?.options ?? [])].find(({ text }) => text.includes(label));
    if (!select || !option) throw new Error(`There is no ${label}`);
    select.value = option.value;
    select.dispatchEvent(new Event('change'));
  }

  it('shows what the payload of a declared one holds', async () => {
    const { fixture, page } = open([ci]);
    await fixture.whenStable();
    expect(page.querySelector('input')).toBeNull();
    pick(page, 'Build finished');
    await until(fixture, () => find(page, 'dd', 'How it ended'));
    expect(fixture.componentInstance.type()).toBe('ci:finished');
  });

  it('says where types come from when there are none', async () => {
    const { fixture, page } = open([]);
    await until(fixture, () => find(page, 'pz-form-row', 'No service of this runner declares one yet'));
    fixture.componentRef.setInput('types', [ci]);
    await fixture.whenStable();
    expect(find(page, 'pz-form-row', 'No service')).toBeNull();
  });

  it('says of one that is disabled that it is, and why', async () => {
    const { fixture, page } = open([
      { ...ci, available: false, disabledReason: 'its schema is no JSON Schema' },
      { ...ci, type: 'ci:begun', label: 'Build begun', available: false },
    ]);
    await fixture.whenStable();
    expect([...page.querySelectorAll('option')].map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Build finished · ci:finished (disabled)',
        'Build begun · ci:begun (its service is away)',
      ]),
    );
    pick(page, 'Build finished');
    await until(fixture, () => find(page, 'p', 'It is disabled: its schema is no JSON Schema.'));
  });

  it('lets another be typed, also one that begins like a declared one, whatever news come of the runner', async () => {
    const { fixture, page } = open([ci]);
    await fixture.whenStable();
    pick(page, 'Other type');
    await until(fixture, () => page.querySelector('input'));
    for (const text of ['ci:finished', 'ci:finished_late']) {
      type(page, 'input', text);
      await fixture.whenStable();
      fixture.componentRef.setInput('types', [{ ...ci, available: false }]);
      await fixture.whenStable();
      expect(page.querySelector('input')?.value).toBe(text);
    }
    expect(fixture.componentInstance.type()).toBe('ci:finished_late');
  });

  it('asks for the name where nothing is declared, or the chosen one is not', async () => {
    const nothing = open([]);
    await until(nothing.fixture, () => nothing.page.querySelector('input'));
    const unknown = open([ci], 'time:daily');
    await until(unknown.fixture, () => unknown.page.querySelector('input')?.value === 'time:daily');
  });
});
