export { ListenerEntity } from './listener.entity.js';
export { ListenersModule } from './listeners.module.js';
