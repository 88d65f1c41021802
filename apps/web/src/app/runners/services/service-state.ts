import type { ServiceInfo } from '@pizzapi/protocol';
import type { DotTone } from '../../ui/status-dot';

type State = ServiceInfo['state'];

const STATES: Readonly<Record<State, { tone: DotTone; label: string }>> = {
  declared: { tone: 'idle', label: 'not started' },
  starting: { tone: 'working', label: 'starting' },
  running: { tone: 'ok', label: 'running' },
  restarting: { tone: 'waiting', label: 'restarting' },
  stopped: { tone: 'away', label: 'stopped' },
  disabled: { tone: 'away', label: 'disabled' },
  broken: { tone: 'bad', label: 'broken' },
};

/** A service's state in a word, with its dot. A state from a newer relay is shown as it comes. */
export function serviceState(state: string): { tone: DotTone; label: string } {
  return isState(state) ? STATES[state] : { tone: 'idle', label: state };
}

function isState(state: string): state is State {
  return Object.hasOwn(STATES, state);
}
