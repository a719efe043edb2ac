import { Choice, Text } from '../shared/fields.dto';
import { StatementMonthQuery } from '../invoices/statements.dto';
import { LANGUAGES, type Language } from './words';

export class PrintDto {
  @Choice('Language of the paper.', LANGUAGES, { optional: true })
  language: Language = 'zh-CN';

  @Text('Name that is put on the paper; it is kept nowhere.', { optional: true, max: 100, example: '王秀英' })
  addressee?: string;
}

export class PrintStatementDto extends StatementMonthQuery {
  @Choice('Language of the paper.', LANGUAGES, { optional: true })
  language: Language = 'zh-CN';

  @Text('Name that is put on the paper; it is kept nowhere.', { optional: true, max: 100, example: '王秀英' })
  addressee?: string;
}
