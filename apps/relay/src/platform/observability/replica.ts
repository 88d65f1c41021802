import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';

/** This process among the replicas. A new id at every start, so that what a dead process held is never taken for ours. */
@Injectable()
export class Replica {
  readonly id = v7();
}
