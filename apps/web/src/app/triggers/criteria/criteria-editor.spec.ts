import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import type { CriteriaDraft } from './criteria-draft';
import { CriteriaEditor } from './criteria-editor';

it('says that params restrict what comes, also without a filter', async () => {
  const fixture = TestBed.createComponent(CriteriaEditor);
  const page: HTMLElement = fixture.nativeElement;
  const words = (): string | undefined => page.querySelector('p.faint')?.textContent?.trim();
  fixture.componentRef.setInput('fields', []);
  fixture.componentRef.setInput('draft', { mode: 'and', filters: [], params: [] });
  await fixture.whenStable();
  expect(words()).toBe('No filter: every trigger of this type.');
  fixture.componentRef.setInput('draft', { mode: 'and', filters: [], params: [{ name: 'region', text: 'eu' }] });
  await fixture.whenStable();
  expect(words()).toBe('No filter: every trigger of this type that has the params below.');
});

it('lets no row pass of which one half is missing, and takes an empty one for none', async () => {
  const fixture = TestBed.createComponent(CriteriaEditor);
  const page: HTMLElement = fixture.nativeElement;
  fixture.componentRef.setInput('fields', []);
  const refused = async (draft: Partial<CriteriaDraft>): Promise<(string | null)[]> => {
    fixture.componentRef.setInput('draft', { mode: 'and', filters: [], params: [], ...draft });
    await fixture.whenStable();
    return [...page.querySelectorAll('input')]
      .filter((field) => !field.checkValidity())
      .map((field) => field.getAttribute('aria-label'));
  };
  const filter = { field: 'status', op: 'eq' as const, text: 'shipped' };
  expect(await refused({ filters: [filter, { ...filter, text: '""' }, { ...filter, field: '', text: '' }] })).toEqual(
    [],
  );
  expect(await refused({ filters: [{ ...filter, text: '' }] })).toEqual(['Value']);
  expect(await refused({ filters: [{ ...filter, field: ' ' }] })).toEqual(['Field of the payload']);
  expect(await refused({ params: [{ name: 'region', text: '' }] })).toEqual(['Value of the param']);
  expect(await refused({ params: [{ name: '', text: 'eu' }] })).toEqual(['Name of the param']);
});
