export type {
  ParamValue,
  ServiceContext,
  ServiceHandler,
  ServiceSocket,
  WantedSubscription,
} from './service-handler.js';
export { fireTrigger, type TriggerToFire } from './fire-trigger.js';
export type { FiredTrigger } from './ask-relay.js';
export { TriggerNotFiredError, type NotFiredCode } from './trigger-error.js';
