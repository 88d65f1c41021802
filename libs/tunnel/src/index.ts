export { type TunnelTarget } from './target.js';
