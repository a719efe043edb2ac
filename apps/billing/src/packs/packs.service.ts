import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Database } from '@doorstep/platform';
import { ProgrammesService } from '../programmes/programmes.service';
import type { Pack, PackProgramme } from './pack';
import type { InstalledPackDto, InstallPackDto, PackDto } from './packs.dto';
import { PACKS } from './shanghai';

/** Cities' programmes that are set up by one call. */
@Injectable()
export class PacksService {
  constructor(
    private readonly db: Database,
    private readonly programmes: ProgrammesService,
  ) {}

  list(): PackDto[] {
    return PACKS.map(({ programmes, ...pack }) => ({
      ...pack,
      programmes: programmes.map(({ code, name, funder, source, rateBp, fixedFen, caps, rateRangeBp }) => ({
        ...{ code, name, funder, source, rateBp, fixedFen, caps, rateRangeBp: rateRangeBp ?? null },
      })),
    }));
  }

  /** All of it or nothing. What is there already, by its code, stays as it is. */
  install(code: string, command: InstallPackDto): Promise<InstalledPackDto> {
    const pack = PACKS.find((one) => one.code === code);
    if (!pack) throw notFound('pack', code);
    assertRates(pack, command);
    const wanted = pack.programmes.filter(({ funder }) => command.funders[funder] !== undefined);
    return this.db.write(async (tx) => {
      const there = await tx.sql<{ code: string }>(`SELECT code FROM programme WHERE code = ANY ($1)`, [
        wanted.map((programme) => programme.code),
      ]);
      const standing = there.map((programme) => programme.code);
      const installed: { id: string; code: string }[] = [];
      for (const programme of wanted.filter((one) => !standing.includes(one.code))) {
        const { id } = await this.programmes.create(commandOf(pack, programme, command));
        installed.push({ id, code: programme.code });
      }
      return { installed, standing };
    });
  }
}

function commandOf(pack: Pack, programme: PackProgramme, { funders, from, rates }: InstallPackDto) {
  const { funder, source: _source, rateRangeBp: _range, ...rules } = programme;
  const rate = rates?.find((one) => one.code === programme.code);
  return {
    ...rules,
    ...(rate && { rateBp: rate.rateBp }),
    ...{ funderId: funders[funder] as string, regionPrefix: pack.regionPrefix, from: from ?? pack.asOf },
  };
}

function assertRates({ programmes }: Pack, { rates = [] }: InstallPackDto): void {
  for (const [index, { code, rateBp }] of rates.entries()) {
    const range = programmes.find((programme) => programme.code === code)?.rateRangeBp;
    if (range && rateBp >= range.min && rateBp <= range.max) continue;
    throw new DomainError(
      'invalid',
      'rate_not_open',
      range
        ? `The rate of ${code} lies between ${range.min} and ${range.max} basis points.`
        : `The rate of ${code} is not open.`,
      { field: `rates.${index}.rateBp`, mend: 'GET /v1/programme-packs shows which rates may be set.' },
    );
  }
}
