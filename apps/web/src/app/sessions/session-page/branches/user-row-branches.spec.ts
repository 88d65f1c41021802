import { provideRouter } from '@angular/router';
import { signal } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventScript } from '../conversation/conversation-fixtures';
import { toTranscriptItem, type UserItem } from '../conversation/transcript-item';
import { SessionForks } from '../../session-forks';
import { UserRow } from '../transcript/user-row';
import { type BranchPlace, SessionBranches } from './session-branches';

const place: BranchPlace = { index: 2, count: 3, previous: 'e0', next: 'e9' };

function said(details: object = {}): UserItem {
  const [event] = new EventScript().user('e1', 'Say it', details).events;
  if (event?.type !== 'entry.appended') throw new Error('The script has no entry.');
  const item = toTranscriptItem({ seq: 1, ...event.data });
  if (item.kind !== 'user') throw new Error('It is no message.');
  return item;
}

describe('a message that has others in its place', () => {
  const isChangeable = signal(true);
  const isUnderWay = signal(false);
  let changed: string[];
  let edited: UserItem[];
  let forked: UserItem[];

  beforeEach(() => {
    isChangeable.set(true);
    isUnderWay.set(false);
    [changed, edited, forked] = [[], [], []];
    const branches = {
      isChangeable,
      placeOf: () => place,
      change: (entryId: string, at: string) => Promise.resolve(changed.push(`${at} ${entryId}`) > 0),
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: SessionBranches, useValue: branches },
        { provide: SessionForks, useValue: { isUnderWay } },
      ],
    });
  });

  function row(item = said()): { fixture: ComponentFixture<UserRow>; page: HTMLElement } {
    const fixture = TestBed.createComponent(UserRow);
    fixture.componentRef.setInput('item', item);
    fixture.componentInstance.edited.subscribe((message) => edited.push(message));
    fixture.componentInstance.forked.subscribe((message) => forked.push(message));
    fixture.detectChanges();
    return { fixture, page: fixture.nativeElement };
  }

  it('leads to them, and can be said differently', () => {
    const { page } = row();
    expect(page.querySelector('[role=group]')?.getAttribute('aria-label')).toBe('Branch 2 of 3');
    page.querySelector<HTMLButtonElement>('[aria-label="Previous branch"]')?.click();
    page.querySelector<HTMLButtonElement>('[aria-label="Next branch"]')?.click();
    page.querySelector<HTMLButtonElement>('.edit')?.click();
    expect(changed).toEqual(['end e0', 'end e9']);
    expect(edited).toHaveLength(1);
  });

  it('leads nowhere while the agent works', () => {
    isChangeable.set(false);
    const { page } = row();
    expect(page.querySelector('.edit')).toBeNull();
    for (const button of page.querySelectorAll<HTMLButtonElement>('pz-branch-switch button'))
      expect(button.disabled).toBe(true);
  });

  it('can be forked from also while the agent works and when the session is over, one at a time', () => {
    isChangeable.set(false);
    const { fixture, page } = row();
    const button = page.querySelector<HTMLButtonElement>('[aria-label="Fork from before this message"]');
    button?.click();
    isUnderWay.set(true);
    fixture.detectChanges();
    button?.click();
    expect(button?.disabled).toBe(true);
    expect(forked.map(({ entryId }) => entryId)).toEqual(['e1']);
  });

  it('of a parent session is not a person’s to change', () => {
    const { page } = row(said({ fromSessionId: '0198c0de-0000-7000-8000-000000000001' }));
    expect(page.querySelector('.edit, .fork')).toBeNull();
  });
});
