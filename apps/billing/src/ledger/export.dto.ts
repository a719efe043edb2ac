import { Choice, DayField, Id } from '../shared/fields.dto';
import { EXPORT_FORMATS, type ExportFormat } from './export';

export class ExportQuery {
  @Choice('Tool that is to read it.', EXPORT_FORMATS)
  format: ExportFormat;

  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @DayField('With everything booked up to and on this day. Left out: all.', { optional: true })
  asOf?: string;
}
