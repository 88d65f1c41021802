import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { ApprovalAnswers } from './approval-answers';
import { sudo } from './approval-fixtures';

it('names the runner on which a child session would start', () => {
  TestBed.configureTestingModule({ providers: [ApprovalAnswers, { provide: ApprovalsApi, useValue: {} }] });
  const answers = TestBed.inject(ApprovalAnswers);
  const runnerNamed = (runnerId: string): string | undefined => (runnerId === 'r2' ? 'build-2' : undefined);
  answers.of({ runnerName: signal('build-1'), runnerNamed, obstacle: signal(null) });
  const starting = (args: object): string => answers.runnerFor({ ...sudo, toolName: 'spawn_session', args });
  expect([{}, { runnerId: 'r2' }, { runnerId: 'r3' }].map(starting)).toEqual(['build-1', 'build-2', 'another runner']);
});
