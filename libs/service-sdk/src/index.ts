export type {
  ParamValue,
  ServiceContext,
  ServiceHandler,
  ServiceSocket,
  WantedSubscription,
} from './service-handler.js';
export { fireTrigger, type FiredTrigger, type TriggerToFire } from './fire-trigger.js';
export { TriggerNotFiredError, type NotFiredCode } from './trigger-error.js';
