export { FireTrigger } from './firing/fire-trigger.js';
export { matchesTrigger } from './matching/match-trigger.js';
export { type ListenersOfRunners, TriggerListeners } from './firing/trigger-listeners.js';
export { checkCriteria } from './matching/criteria-limits.js';
export { StoredCriteriaDto, TriggerCriteriaDto } from './matching/criteria.dto.js';
export { areCriteria, storedCriteria, type StoredCriteria } from './matching/stored-criteria.js';
export { SubscriptionEntity } from './subscriptions/subscription.entity.js';
export { TriggersModule } from './triggers.module.js';
export { TriggerTypes } from './types/trigger-types.js';
