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
  async function open(runnerIds: string[], fire?: string): Promise<HTMLElement> {
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
    fixture.componentRef.setInput('fire', fire);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'pz-empty-state', 'No dead letters'));
    return page;
  }
  async function leadsTo(...runnerIds: string[]): Promise<(string | null | undefined)[]> {
    const page = await open(runnerIds);
    return ['Services', 'listeners'].map((text) => find(page, '.pz-lead a', text)?.getAttribute('href'));
  }

  it('says where triggers come from and go to, and leads there', async () => {
    expect(await leadsTo('r1')).toEqual(['/runners/r1/services', '/runners/r1/listeners']);
  });

  it('lets a person with several runners choose one', async () => {
    expect(await leadsTo('r1', 'r2')).toEqual(['/runners', '/runners']);
  });

  it('fires at a runner, and where there is none leads to them instead', async () => {
    const page = await open([], '');
    expect(find(page, 'pz-empty-state a', 'Go to runners')?.getAttribute('href')).toBe('/runners');
    expect(page.querySelector('pz-fire-form')).toBeNull();
    TestBed.resetTestingModule();
    expect((await open(['r1'], '')).querySelector('pz-fire-form')).not.toBeNull();
  });
});
