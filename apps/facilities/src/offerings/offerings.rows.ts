import { showName } from '../name.dto';
import type { Offering, Window } from './offering';
import type { OfferingEntity } from './offering.entity';
import type { CreateOfferingDto, OfferingDto, WindowDto } from './offerings.dto';

type Columns = Offering & Pick<OfferingEntity, 'code' | 'nameZh' | 'nameEn'>;

/** The columns that a command sets. */
export function columnsOf(command: CreateOfferingDto): Columns {
  const { code, name, kind, mode, delivery, capacityModel, capacity, schedule } = command;
  return {
    code,
    nameZh: name.zh,
    nameEn: name.en ?? null,
    kind,
    mode,
    delivery,
    capacityModel,
    capacity,
    staffRatio: command.staffRatio ?? null,
    staffCount: command.staffCount ?? null,
    spaceId: command.spaceId ?? null,
    ageMonthsMin: command.ageMonthsMin ?? null,
    ageMonthsMax: command.ageMonthsMax ?? null,
    careLevelMin: command.careLevelMin ?? null,
    skills: command.skills ?? [],
    licences: command.licences ?? [],
    schedule: schedule.map(windowOf),
    leadMinutes: command.leadMinutes ?? 0,
    cutoffMinutes: command.cutoffMinutes ?? 0,
    bufferMinutes: command.bufferMinutes ?? 0,
    unpricedPolicy: command.unpricedPolicy ?? 'hold',
  };
}

function windowOf({ weekday, starts, ends, slotMinutes }: WindowDto): Window {
  return { weekday, starts, ends, ...(slotMinutes !== undefined && { slotMinutes }) };
}

export function showOffering(offering: OfferingEntity): OfferingDto {
  const { regionCode: _region, nameZh: _zh, nameEn: _en, ...shown } = offering;
  return { ...shown, name: showName(offering) };
}
