import { Injectable } from '@nestjs/common';
import { Database, ProgressBoard } from '@doorstep/platform';
import { SideConnections } from './side-connections.service';

/** How far uploads and reconciliations are. */
@Injectable()
export class Progress extends ProgressBoard {
  constructor(db: Database, side: SideConnections) {
    super(db, side, 'settlement_progress');
  }
}
