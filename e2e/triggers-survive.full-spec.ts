import { describe } from 'vitest';
import { type TriggerRun, triggersSurvive } from './scenarios/triggers-survive.js';
import { oneRelay, twoRelays } from './topologies/topology.js';

const run: TriggerRun = {
  sessions: 20,
  listeners: 2,
  oneInPerSession: 50,
  oneInPerListener: 50,
  inQuiet: 500,
  amongFaults: 2_000,
  maxPauseMs: 600,
  isLong: true,
  cutMs: 10_000,
  timeoutMs: 1_800_000,
};

describe.each([
  ['one relay', oneRelay],
  ['two relays', twoRelays],
])('with %s', (_name, start) => triggersSurvive(start, run));
