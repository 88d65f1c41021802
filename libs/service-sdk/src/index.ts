export { type ServiceContext } from './service-handler.js';
