import { FileLanguage } from '@doorstep/platform';
import { Text } from '../shared/fields.dto';
import { StatementMonthQuery } from '../invoices/statements.dto';
import { LANGUAGES, type Language } from './words';

export class PrintDto {
  @FileLanguage()
  language: Language = LANGUAGES[0];

  @Text('Name that is put on the paper; it is kept nowhere.', { optional: true, max: 100, example: '王秀英' })
  addressee?: string;
}

export class PrintStatementDto extends StatementMonthQuery {
  @FileLanguage()
  language: Language = LANGUAGES[0];

  @Text('Name that is put on the paper; it is kept nowhere.', { optional: true, max: 100, example: '王秀英' })
  addressee?: string;
}
