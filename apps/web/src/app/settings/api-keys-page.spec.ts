import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { find, type, until } from '../../testing/until';
import { type ApiKey, ApiKeysApi } from '../core/api/api-keys-api';
import { ApiProblem } from '../core/api/api-problem';
import { ApiKeysPage } from './api-keys-page';

function aKey(name: string): ApiKey {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    id: name,
    name,
    prefix: 'pza_',
    scopes: [],
    runnerId: null,
    serviceId: null,
    createdAt,
    expiresAt: null,
    lastUsedAt: null,
  };
}

describe('ApiKeysPage', () => {
  const list = vi.fn();
  const create = vi.fn();

  beforeEach(() => {
    list.mockReset();
    create.mockReset();
    list.mockImplementation((cursor?: string) =>
      Promise.resolve(cursor === undefined ? { apiKeys: [aKey('one')], nextCursor: 'c' } : { apiKeys: [aKey('two')] }),
    );
    TestBed.configureTestingModule({ providers: [{ provide: ApiKeysApi, useValue: { list, create } }] });
  });

  it('shows more on demand, to the end of the list', async () => {
    const fixture = TestBed.createComponent(ApiKeysPage);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'td', 'one'));
    find(page, 'pz-more-items button')?.click();
    await until(fixture, () => find(page, 'td', 'two'));
    expect(find(page, 'td', 'one')).not.toBeNull();
    expect(find(page, 'pz-more-items')).toBeNull();
    expect(list).toHaveBeenLastCalledWith('c');
  });

  it('sorts by a head of a column, by the address, all that there is', async () => {
    const fixture = TestBed.createComponent(ApiKeysPage);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'td', 'one'));
    fixture.componentRef.setInput('sort', '-name');
    await until(fixture, () => find(page, 'td', 'two'));
    const names = [...page.querySelectorAll('tbody td:first-child')].map(({ textContent }) => textContent.trim());
    expect(names).toEqual(['two', 'one']);
    const head = page.querySelector('th[aria-sort]');
    expect([head?.textContent.trim(), head?.getAttribute('aria-sort')]).toEqual(['Name', 'descending']);
    fixture.componentRef.setInput('q', 'tw');
    await until(fixture, () => find(page, 'td', 'one') === null);
    expect(find(page, 'pz-table-filter', '1 of 2')).not.toBeNull();
    fixture.componentRef.setInput('q', 'nothing');
    await until(fixture, () => find(page, 'td', 'No keys match.'));
  });

  it('ties a field to its label and its error, and says what the relay refused', async () => {
    create.mockRejectedValue(new ApiProblem({ status: 409, code: 'conflict', detail: 'Too many keys.' }));
    const fixture = TestBed.createComponent(ApiKeysPage);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'td', 'one'));
    find(page, 'button', 'New key')?.click();
    const submit = await until(fixture, () => find(page, 'button[type=submit]'));
    submit.click();
    const error = await until(fixture, () => find(page, '[role=alert]', 'Give the key a name'));
    const field = page.querySelector('input');
    expect(field?.labels?.[0]?.textContent).toContain('Name');
    expect(field?.getAttribute('aria-describedby')).toBe(error.id);
    expect(field?.getAttribute('aria-invalid')).toBe('true');
    type(page, 'input', 'build-2');
    submit.click();
    await until(fixture, () => find(page, 'pz-error-state', 'Too many keys.'));
    expect(field?.getAttribute('aria-invalid')).toBeNull();
  });
});
