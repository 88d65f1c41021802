export { type Criteria, matchesTrigger } from './matching/match-trigger.js';
export { TriggersModule } from './triggers.module.js';
export { TriggerTypes } from './types/trigger-types.js';
