import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { followWaiting } from './follow-waiting';

describe('whoever is led to a session that waits', () => {
  function page(waits: boolean) {
    const cards = signal(0);
    const isReady = signal(false);
    const isWaiting = signal(waits);
    const done: string[] = [];
    TestBed.runInInjectionContext(() =>
      followWaiting({
        isLed: signal(true),
        isReady,
        isWaiting,
        cards,
        reveal: () => done.push('revealed'),
        forget: () => done.push('forgotten'),
      }),
    );
    const become = (change: () => void): string[] => {
      change();
      TestBed.tick();
      return done;
    };
    return { become, cards, isReady, isWaiting };
  }

  it('is at its card as soon as that is there, once', () => {
    const { become, cards, isReady } = page(true);
    expect(become(() => isReady.set(true))).toEqual([]);
    expect(become(() => cards.set(1))).toEqual(['revealed', 'forgotten']);
    become(() => cards.set(0));
    expect(become(() => cards.set(1))).toHaveLength(2);
  });

  it('stays where they are when nothing waits any more, also when something does later', () => {
    const { become, cards, isReady, isWaiting } = page(false);
    expect(become(() => isReady.set(true))).toEqual(['forgotten']);
    become(() => isWaiting.set(true));
    expect(become(() => cards.set(1))).toEqual(['forgotten']);
  });

  it('stays where they are when it was answered before the card came', () => {
    const { become, cards, isReady, isWaiting } = page(true);
    become(() => isReady.set(true));
    expect(become(() => isWaiting.set(false))).toEqual(['forgotten']);
    expect(become(() => cards.set(1))).toEqual(['forgotten']);
  });
});
