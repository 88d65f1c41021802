export { TunnelModule } from './tunnel.module.js';
export { TunnelEntity } from './tunnels/tunnel.entity.js';
export { TunnelPolicyEntity } from './policy/tunnel-policy.entity.js';
