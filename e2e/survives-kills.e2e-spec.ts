import { survivesKills } from './scenarios/survives-kills.js';
import { oneRelay } from './topologies/topology.js';

survivesKills(oneRelay);
