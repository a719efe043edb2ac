import { Injectable } from '@nestjs/common';
import { SideConnections as Connections } from '@doorstep/platform';
import { BillingConfig } from '../config';

/** Files that are read at the same time, and their progress. */
const CONNECTIONS_MAX = 3;

@Injectable()
export class SideConnections extends Connections {
  constructor({ databaseUrl }: BillingConfig) {
    super({ databaseUrl, name: 'doorstep billing import', max: CONNECTIONS_MAX });
  }
}
