import { longStreams } from './scenarios/long-streams.js';
import { neverAGap } from './scenarios/never-a-gap.js';
import { survivesKills } from './scenarios/survives-kills.js';
import { twoRelays } from './topologies/topology.js';

neverAGap(twoRelays);
survivesKills(twoRelays);
longStreams(twoRelays);
