import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Theme } from './theme';

describe('Theme', () => {
  beforeEach(() => localStorage.clear());

  it('follows the system until someone chooses, and remembers the choice', () => {
    const theme = TestBed.inject(Theme);
    TestBed.tick();
    expect(theme.choice()).toBe('system');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    theme.choose('light');
    TestBed.tick();
    expect(document.documentElement.dataset['theme']).toBe('light');
    expect(localStorage.getItem('pizzapi.theme')).toBe('light');
  });
});
