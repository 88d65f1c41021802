import { neverAGap } from './scenarios/never-a-gap.js';
import { oneRelay } from './topologies/topology.js';

neverAGap(oneRelay);
