import { ApiProperty } from '@nestjs/swagger';
import { Choice, Id, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { TIE_NAMES, type Side, type Tie } from './ties';

export class TiesQuery {
  @MonthField('Month in which the charges were booked.')
  period: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;
}

export class SideDto implements Side {
  @Text('Which book says so.', { example: 'charges: gross' })
  source: string;

  @WholeNumber('What it says.', { example: 1_204_300 })
  amount: number;
}

export class TieDto implements Tie {
  @Choice('What is compared.', TIE_NAMES)
  name: Tie['name'];

  @Choice('What is counted.', ['services', 'fen'])
  unit: Tie['unit'];

  @ApiProperty({ description: 'One book.', type: SideDto })
  left: SideDto;

  @ApiProperty({ description: 'The other.', type: SideDto })
  right: SideDto;

  @WholeNumber('left less right; 0 when the books tie.', { example: 0 })
  difference: number;
}

export class TiesDto {
  @MonthField('The month.')
  period: string;

  @ApiProperty({
    description: 'Bookings = charges = ledger = payments and claims = channels and bank, pair by pair.',
    type: TieDto,
    isArray: true,
  })
  ties: TieDto[];

  @WholeNumber('Sum of the differences in fen without their signs; 0 when everything ties.', { example: 0 })
  differenceFen: number;
}
