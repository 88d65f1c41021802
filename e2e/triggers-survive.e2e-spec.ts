import { triggersSurvive } from './scenarios/triggers-survive.js';
import { oneRelay } from './topologies/topology.js';

triggersSurvive(oneRelay, {
  sessions: 6,
  listeners: 2,
  oneInPerSession: 10,
  oneInPerListener: 50,
  inQuiet: 50,
  amongFaults: 250,
  maxPauseMs: 600,
  isLong: false,
  cutMs: 2_000,
  timeoutMs: 240_000,
});
