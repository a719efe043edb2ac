import { Injectable } from '@nestjs/common';
import type { Day } from '@doorstep/kernel';
import { Clock } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { OperatorsConfig } from '../config';

/** Which day it is for contracts and papers, in their own time zone. */
@Injectable()
export class Calendar {
  constructor(
    private readonly clock: Clock,
    private readonly config: OperatorsConfig,
  ) {}

  today(): Day {
    const local = DateTime.fromJSDate(this.clock.now(), { zone: this.config.contractTimeZone });
    return local.toFormat('yyyy-MM-dd');
  }
}
