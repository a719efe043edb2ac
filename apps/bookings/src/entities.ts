import { HouseholdEntity } from './households/household.entity';
import { AccessLogEntity, ConsentEntity, ResidentEntity } from './residents/resident.entity';

/** What TypeORM maps; sessions and bookings are read and written by hand-written SQL alone. */
export const entities = [HouseholdEntity, ResidentEntity, ConsentEntity, AccessLogEntity];
