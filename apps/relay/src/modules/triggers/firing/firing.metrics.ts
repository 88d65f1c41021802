import { Counter } from 'prom-client';
import { registry } from '../../../platform/observability/metrics.js';

export const triggersFired = new Counter({
  name: 'pizzapi_triggers_fired_total',
  help: 'Triggers that were checked and matched, by what they were fired at.',
  labelNames: ['target'],
  registers: [registry],
});
