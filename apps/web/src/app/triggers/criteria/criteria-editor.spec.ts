import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
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
