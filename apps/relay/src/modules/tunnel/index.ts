export { TunnelModule } from './tunnel.module.js';
export { TunnelEntity } from './tunnels/tunnel.entity.js';
