import { join } from 'node:path';

/** Where everything of a runner lies inside PIZZAPI_HOME. */
export interface HomeLayout {
  home: string;
  configFile: string;
  identityFile: string;
  enrolmentFile: string;
  /** pi's own directory: models.json, auth.json, sessions. */
  agentDir: string;
  sessionDir: string;
  /** One folder per service. */
  servicesDir: string;
  runDir: string;
  /** One state file per session that has, or should have, a worker. */
  workerStateDir: string;
  workerLogDir: string;
  ordersDoneFile: string;
}

export function homeLayout(home: string): HomeLayout {
  const agentDir = join(home, 'agent');
  const runDir = join(home, 'run');
  return {
    home,
    configFile: join(home, 'config.json'),
    identityFile: join(home, 'runner.json'),
    enrolmentFile: join(home, 'relay', 'enrolment-secret'),
    agentDir,
    sessionDir: join(agentDir, 'sessions'),
    servicesDir: join(home, 'services'),
    runDir,
    workerStateDir: join(runDir, 'workers'),
    workerLogDir: join(runDir, 'logs'),
    ordersDoneFile: join(runDir, 'orders-done.json'),
  };
}
