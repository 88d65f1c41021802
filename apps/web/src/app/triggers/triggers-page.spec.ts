import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from 'vitest';
import { aRunner } from '../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { DeadLettersApi } from '../core/api/dead-letters-api';
import { RunnersApi } from '../core/api/runners-api';
import { TriggersPage } from './triggers-page';

describe('TriggersPage', () => {
  async function leadsTo(...runnerIds: string[]): Promise<(string | null | undefined)[]> {
    const runners = runnerIds.map((runnerId) => aRunner({ runnerId }));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(new SilentConnection()),
        { provide: DeadLettersApi, useValue: { list: () => Promise.resolve({ deadLetters: [] }) } },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners }) } },
      ],
    });
    const fixture = TestBed.createComponent(TriggersPage);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'pz-empty-state', 'No dead letters'));
    return ['Services', 'listeners'].map((text) => find(page, '.pz-lead a', text)?.getAttribute('href'));
  }

  it('says where triggers come from and go to, and leads there', async () => {
    expect(await leadsTo('r1')).toEqual(['/runners/r1/services', '/runners/r1/listeners']);
  });

  it('lets a person with several runners choose one', async () => {
    expect(await leadsTo('r1', 'r2')).toEqual(['/runners', '/runners']);
  });
});
