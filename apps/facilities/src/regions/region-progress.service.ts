import { Injectable } from '@nestjs/common';
import { Database, ProgressBoard } from '@doorstep/platform';
import { ImportConnections } from './import-connections.service';

/** How far imports of regions are. */
@Injectable()
export class RegionProgress extends ProgressBoard {
  constructor(db: Database, side: ImportConnections) {
    super(db, side, 'region_progress');
  }
}
