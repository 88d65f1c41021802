import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout. Keys and tokens never reach a log call; the paths here are the second net. */
export function createLogger(processName: string, level = 'info'): Logger {
  return pino(
    {
      level,
      base: { process: processName, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['apiKey', 'token', 'secret', '*.apiKey', '*.token', '*.secret'], censor: '[secret]' },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}

/** What a caught value says, for a log line or a report. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
