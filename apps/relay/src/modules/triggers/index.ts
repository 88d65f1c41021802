export { TriggersModule } from './triggers.module.js';
export { type Criteria, matchesTrigger } from './matching/match-trigger.js';
