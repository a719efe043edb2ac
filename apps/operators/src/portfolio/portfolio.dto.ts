import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PAYERS, type Payer } from './figure';
import { METRIC_NAMES } from './indicators';

const CONTRACT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b20';
const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const count = (description: string, example: number) => ({ description, type: 'integer', example }) as const;
const ratio = (description: string, example: number) =>
  ({ description: `${description}, in basis points`, type: 'integer', nullable: true, example }) as const;
const costly = (description: string, example: number) =>
  ({ description: `${description}; absent for who may not see costs`, type: 'integer', example }) as const;

export class FiguresDto {
  @ApiProperty(count('Sessions that could be booked or had bookings.', 120))
  sessions: number;
  @ApiProperty(
    count(
      'What they could take, in units: people, uses of a court, visits at a time; places of groups by the day.',
      3600,
    ),
  )
  capacity: number;
  @ApiProperty(
    count(
      'Units booked: confirmed, delivered, or kept for who did not come; children with a place by the day.',
      2800,
    ),
  )
  booked: number;
  @ApiProperty(count('Units of delivered services.', 2600))
  attended: number;
  @ApiProperty(count('Units of who did not come.', 90))
  noShow: number;
  @ApiProperty(count('Units cancelled.', 150))
  cancelled: number;
  @ApiProperty(count('People who came, each time counted.', 2600))
  visits: number;
  @ApiProperty(count('People who waited in vain; children who wait for a place, by the day.', 12))
  waiting: number;
  @ApiProperty(ratio('Booked of capacity', 7778))
  utilisationBp: number | null;
  @ApiProperty(ratio('Came, of those who came or should have', 9665))
  attendanceBp: number | null;
  @ApiProperty(ratio('Did not come, of those who should have', 335))
  noShowBp: number | null;
  @ApiProperty(count('Prices of what was delivered, in fen.', 4_500_000))
  grossFen: number;
  @ApiProperty(count('What residents pay of it.', 3_000_000))
  residentFen: number;
  @ApiProperty(count('Subsidy: what funders pay of it.', 1_300_000))
  fundersFen: number;
  @ApiProperty(count('What the operator gives up of it.', 200_000))
  concessionFen: number;
  @ApiProperty(count('What comes in: residents and funders.', 4_300_000))
  revenueFen: number;
  @ApiPropertyOptional(costly('Staff that is there whether or not anybody comes', 1_500_000))
  baseLabourFen?: number;
  @ApiPropertyOptional(costly('Staff that services take', 800_000))
  serviceLabourFen?: number;
  @ApiPropertyOptional(costly('Goods that services take', 700_000))
  materialsFen?: number;
  @ApiPropertyOptional(costly('Rooms', 400_000))
  premisesFen?: number;
  @ApiPropertyOptional(costly('All costs', 3_400_000))
  costFen?: number;
  @ApiPropertyOptional(costly('Contribution margin: revenue less costs', 900_000))
  marginFen?: number;
  @ApiPropertyOptional({ ...costly('Margin of revenue, in basis points', 2093), nullable: true })
  marginBp?: number | null;
}

export class AttentionDto {
  @ApiProperty(
    count(
      'Licences that end within 90 days and that nothing replaces, and those that have ended while an offering of the site needs them: GET /v1/licences?dueWithinDays=90.',
      2,
    ),
  )
  licencesDue: number;
  @ApiProperty(count('Findings of inspections that are not closed.', 3))
  findingsOpen: number;
  @ApiProperty(count('Of these the severe ones.', 0))
  severeFindingsOpen: number;
  @ApiProperty(count('Complaints that nobody has answered.', 1))
  complaintsOpen: number;
}

export class SummaryDto extends FiguresDto {
  @ApiProperty({ description: 'First month.', example: '2026-01' })
  from: string;
  @ApiProperty({ description: 'First month that is out.', example: '2027-01' })
  to: string;
  @ApiProperty(count('Sites with figures.', 12))
  sites: number;
  @ApiProperty({
    type: AttentionDto,
    description: 'What needs somebody today, at sites that stand there now.',
  })
  attention: AttentionDto;
}

export class GroupDto extends FiguresDto {
  @ApiProperty({
    description: 'Code, id, kind or month; empty: costs of a site that did nothing, or no contract.',
    example: '310101013',
  })
  key: string;
  @ApiProperty({ type: String, nullable: true, description: 'Its name, if it has one.', example: '外滩街道' })
  name: string | null;
}

export class PayerDto {
  @ApiProperty({ enum: PAYERS, description: 'Who; none: costs of what nobody paid for.', example: 'funder' })
  payer: Payer;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Which funder.', example: null })
  funderId: string | null;
  @ApiProperty({ type: String, nullable: true, description: "The funder's name.", example: '黄浦区民政局' })
  name: string | null;
  @ApiProperty(count('Its part of the prices, in fen.', 1_300_000))
  amountFen: number;
  @ApiProperty(count('What of that comes in: a concession brings nothing.', 1_300_000))
  revenueFen: number;
  @ApiPropertyOptional(costly('Costs of what it paid for', 900_000))
  costFen?: number;
  @ApiPropertyOptional(costly('Contribution margin', 400_000))
  marginFen?: number;
}

export class MarginDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;
  @ApiProperty({ type: String, nullable: true, description: 'Its code and name.', example: 'HP-0001 东门站' })
  siteName: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Kind; null: the site did nothing.',
    example: 'meals',
  })
  kind: string | null;
  @ApiProperty({ enum: PAYERS, description: 'Funding source.', example: 'funder' })
  payer: Payer;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Which funder.', example: null })
  funderId: string | null;
  @ApiProperty({ type: String, nullable: true, description: "The funder's name.", example: '黄浦区民政局' })
  funderName: string | null;
  @ApiProperty(count('What it brought in, in fen.', 120_000))
  revenueFen: number;
  @ApiProperty(count('Its part of base labour.', 30_000))
  baseLabourFen: number;
  @ApiProperty(count('Its part of service labour.', 20_000))
  serviceLabourFen: number;
  @ApiProperty(count('Its part of materials.', 25_000))
  materialsFen: number;
  @ApiProperty(count('Its part of premises.', 10_000))
  premisesFen: number;
  @ApiProperty(count('All of its costs.', 85_000))
  costFen: number;
  @ApiProperty(count('Contribution margin.', 35_000))
  marginFen: number;
}

export class RanksDto {
  @ApiProperty({ ...count('Place by utilisation, 1 is the highest.', 1), nullable: true })
  utilisation: number | null;
  @ApiProperty({ ...count('Place by attendance.', 2), nullable: true })
  attendance: number | null;
  @ApiProperty({ ...count('Place by revenue.', 1), nullable: true })
  revenue: number | null;
  @ApiPropertyOptional({ ...costly('Place by margin of revenue', 3), nullable: true })
  margin?: number | null;
}

export class ComparedSiteDto extends GroupDto {
  @ApiProperty({ type: RanksDto, description: 'Its places among the sites compared.' })
  ranks: RanksDto;
}

export class ComparisonDto {
  @ApiProperty({
    type: [ComparedSiteDto],
    description: 'The sites that have figures, in the order asked for.',
  })
  items: ComparedSiteDto[];
  @ApiProperty({ type: FiguresDto, nullable: true, description: 'All of them together.' })
  together: FiguresDto | null;
}

export class KpiDto {
  @ApiProperty({ format: 'uuid', description: 'The contract.', example: CONTRACT_ID })
  contractId: string;
  @ApiProperty({ description: 'Its number.', example: 'HP-2026-001' })
  contractNumber: string;
  @ApiProperty({
    description: `What is measured. Known: ${METRIC_NAMES.join(', ')}.`,
    example: 'utilisation_bp',
  })
  metric: string;
  @ApiProperty({ type: 'number', description: 'What the terms ask for.', example: 6000 })
  target: number;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'What it came to; null: nothing to measure, not measured here, or not yours to see.',
    example: 6543,
  })
  actual: number | null;
  @ApiProperty({ enum: ['more', 'less'], nullable: true, description: 'Which is better.', example: 'more' })
  better: 'more' | 'less' | null;
  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether it is reached.', example: true })
  reached: boolean | null;
}

export class StreetDto {
  @ApiProperty({ description: "The street's code.", example: '310101013' })
  street: string;
  @ApiProperty({ type: String, nullable: true, description: 'Its name.', example: '外滩街道' })
  name: string | null;
  @ApiProperty({ description: 'Month.', example: '2026-11' })
  month: string;
  @ApiProperty(count('Sites that had something to offer.', 4))
  sites: number;
  @ApiProperty({ type: [String], description: 'Kinds of service.', example: ['culture', 'meals'] })
  kinds: string[];
  @ApiProperty(count('People who came, children in care too, each counted once.', 420))
  people: number;
  @ApiProperty(count('People who came, each time counted.', 2600))
  visits: number;
  @ApiProperty(ratio('Booked of capacity', 7778))
  utilisationBp: number | null;
  @ApiProperty({ ...count('Mean of the stars that residents gave, in hundredths.', 462), nullable: true })
  starsCenti: number | null;
  @ApiProperty(count('How many gave stars.', 180))
  ratings: number;
  @ApiProperty(count('Complaints of the month.', 1))
  complaints: number;
  @ApiProperty(count('Incidents: what inspections found in the month.', 2))
  findings: number;
  @ApiProperty(count('Subsidy used, in fen.', 1_300_000))
  subsidyFen: number;
}
