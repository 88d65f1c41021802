import type { ServiceCommand, ServiceInfo } from '@pizzapi/protocol';

/** Why a panel cannot be shown now, and what a person may do about it. */
export interface PanelObstacle {
  readonly tone: 'waits' | 'bad';
  readonly heading: string;
  readonly text: string;
  readonly action: { readonly label: string; readonly command: ServiceCommand } | null;
  /** The service may still be running: an open page is kept, hidden. */
  readonly mayPass: boolean;
}

interface Facts {
  readonly service: ServiceInfo | undefined;
  readonly hasPanel: boolean;
  readonly isOnline: boolean;
  readonly runnerName: string;
}

/** Null: the service runs and listens. */
export function panelObstacle({ service, hasPanel, isOnline, runnerName }: Facts): PanelObstacle | null {
  if (!isOnline || service?.state === 'stopped')
    return { ...waits(`${capital(runnerName)} is away`, 'The panel comes back with it.'), mayPass: true };
  if (service === undefined)
    return bad('The service is gone', `${capital(runnerName)} has no service of this name any more.`, null);
  const reason = service.error ?? '';
  switch (service.state) {
    case 'disabled':
      return waits(`${service.label} is disabled`, 'Its panel comes back when it is enabled.', 'enable');
    case 'broken':
      return bad(`${service.label} is broken`, reason, 'restart');
    case 'restarting':
      return bad(`${service.label} is restarting`, reason && `It ${reason}.`, 'restart');
    case 'declared':
    case 'starting':
      return waits(`${service.label} is starting`, reason);
    default:
      return hasPanel
        ? null
        : waits('No panel yet', `${service.label} runs, and has not announced its panel.`, 'restart');
  }
}

const LABELS: Readonly<Record<ServiceCommand, string>> = { enable: 'Enable', disable: 'Disable', restart: 'Restart' };

function waits(heading: string, text: string, command: ServiceCommand | null = null): PanelObstacle {
  return { tone: 'waits', heading, text, action: command && { label: LABELS[command], command }, mayPass: false };
}

function bad(heading: string, text: string, command: ServiceCommand | null): PanelObstacle {
  return { tone: 'bad', heading, text, action: command && { label: LABELS[command], command }, mayPass: false };
}

function capital(text: string): string {
  return text === 'the runner' ? 'The runner' : text;
}
