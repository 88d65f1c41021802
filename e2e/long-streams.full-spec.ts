import { longStreams } from './scenarios/long-streams.js';
import { oneRelay } from './topologies/topology.js';

longStreams(oneRelay);
