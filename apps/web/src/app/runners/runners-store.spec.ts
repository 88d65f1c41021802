import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { aRunner } from '../../testing/fixtures';
import { provideSilentConnection } from '../../testing/silent-connection';
import { RunnersApi } from '../core/api/runners-api';
import { RunnersStore } from './runners-store';

describe('RunnersStore', () => {
  it('reads every page', async () => {
    const runners = ['r1', 'r2', 'r3'].map((runnerId) => aRunner({ runnerId, name: runnerId }));
    const list = (cursor = '0') => {
      const next = Number(cursor) + 1;
      const page = { runners: runners.slice(Number(cursor), next) };
      return Promise.resolve(next < runners.length ? { ...page, nextCursor: String(next) } : page);
    };
    TestBed.configureTestingModule({
      providers: [provideSilentConnection(), { provide: RunnersApi, useValue: { list } }],
    });
    const store = TestBed.inject(RunnersStore);
    await store.reload();
    expect(store.runners().map(({ name }) => name)).toEqual(['r1', 'r2', 'r3']);
  });
});
