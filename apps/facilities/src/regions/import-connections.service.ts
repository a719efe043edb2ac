import { Injectable } from '@nestjs/common';
import { SideConnections } from '@doorstep/platform';
import { FacilitiesConfig } from '../config';

/** Imports whose progress is told at the same time: an edition of the country's regions comes once a year. */
const CONNECTIONS_MAX = 1;

@Injectable()
export class ImportConnections extends SideConnections {
  constructor({ databaseUrl }: FacilitiesConfig) {
    super({ databaseUrl, name: 'doorstep region progress', max: CONNECTIONS_MAX });
  }
}
