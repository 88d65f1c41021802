import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunnersApi } from '../core/api/runners-api';
import { RunnerModels } from './runner-models';

const demo = { provider: 'demo', id: 'demo', name: 'Demo (no LLM)', contextWindow: 1000, isDefault: true };

/** As after a reload: nothing but the browser's storage is left. */
function visit(): RunnerModels {
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [{ provide: RunnersApi, useValue: { models: () => Promise.resolve({ models: [demo] }) } }],
  });
  return TestBed.inject(RunnerModels);
}

describe('RunnerModels', () => {
  beforeEach(() => localStorage.clear());

  it('knows a model’s name after a reload without asking the runner', async () => {
    const first = visit();
    expect(first.nameOf('r1', demo)).toBeUndefined();
    await first.list('r1');
    expect(first.nameOf('r1', demo)).toBe('Demo (no LLM)');
    expect(visit().nameOf('r1', demo)).toBe('Demo (no LLM)');
    expect(visit().nameOf('r2', demo)).toBeUndefined();
  });

  it.each(['{', '{}', '[[1,2],["r1",7],["r1",[["a",1],"b"]]]'])('starts anew where storage holds %s', (stored) => {
    localStorage.setItem('pizzapi.model-names', stored);
    expect(visit().nameOf('r1', demo)).toBeUndefined();
  });
});
