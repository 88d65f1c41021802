import { env } from 'node:process';

/** Ours that tools may see: it marks which session a command belongs to. */
const VISIBLE = new Set(['PIZZAPI_SESSION_ID']);

/**
 * Makes this process fit for an agent: pi's tools and extensions get `process.env` as it is, so everything of ours that
 * might be a secret leaves it. Provider keys stay, because pi reads them there. Nothing is fetched or reported at
 * start: `PI_OFFLINE` stops catalog updates and installs, not the calls to models.
 */
export function prepareProcess(agentDir: string, environment: NodeJS.ProcessEnv = env): void {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PIZZAPI_') && !VISIBLE.has(name)) delete environment[name];
  }
  environment['PI_CODING_AGENT_DIR'] = agentDir;
  environment['PI_OFFLINE'] = '1';
  environment['PI_TELEMETRY'] = '0';
  // pi loads extensions by jiti, whose cache of compiled code is in the temporary folder, where agents write.
  environment['JITI_FS_CACHE'] = 'false';
}
