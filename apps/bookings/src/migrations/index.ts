import type { Migration } from '@doorstep/platform';
import { Reference1700000200001 } from './1700000200001-reference';
import { Residents1700000200002 } from './1700000200002-residents';
import { Bookings1700000200003 } from './1700000200003-bookings';
import { Reschedule1700000200004 } from './1700000200004-reschedule';
import { Waiting1700000200005 } from './1700000200005-waiting';
import { Licences1700000200006 } from './1700000200006-licences';
import { Closures1700000200007 } from './1700000200007-closures';
import { Series1700000200008 } from './1700000200008-series';
import { CalendarFeeds1700000200009 } from './1700000200009-calendar-feeds';
import { Indexes1700000200010 } from './1700000200010-indexes';
import { Cancellations1700000200011 } from './1700000200011-cancellations';
import { Spaces1700000200012 } from './1700000200012-spaces';
import { Unpriced1700000200013 } from './1700000200013-unpriced';
import { Around1700000200014 } from './1700000200014-around';
import { Inspections1700000200020 } from './1700000200020-inspections';
import { OfferingLicences1700000200022 } from './1700000200022-offering-licences';
import { CareGroups1700000200030 } from './1700000200030-care-groups';
import { Placements1700000200031 } from './1700000200031-placements';
import { CareAttendance1700000200032 } from './1700000200032-care-attendance';
import { Capacity1700000200040 } from './1700000200040-capacity';
import { Visits1700000200050 } from './1700000200050-visits';
import { Ways1700000200051 } from './1700000200051-ways';
import { Care1700000200052 } from './1700000200052-care';
import { Meals1700000200053 } from './1700000200053-meals';
import { Registration1700000200060 } from './1700000200060-registration';
import { Presence1700000200061 } from './1700000200061-presence';
import { Carers1700000200062 } from './1700000200062-carers';
import { HoldOwners1700000200063 } from './1700000200063-hold-owners';
import { StandingSaid1700000200064 } from './1700000200064-standing-said';
import { ReadModels1700000200090 } from './1700000200090-read-models';
import { Merges1700000200091 } from './1700000200091-merges';
import { PoliciesById1700000200100 } from './1700000200100-policies-by-id';
import { ContradictedVisits1700000200101 } from './1700000200101-contradicted-visits';
import { WaitingLapses1700000200102 } from './1700000200102-waiting-lapses';
import { SessionSequence1700000200103 } from './1700000200103-session-sequence';
import { OrderOwners1700000200104 } from './1700000200104-order-owners';
import { PlacedCapacity1700000200110 } from './1700000200110-placed-capacity';
import { CapacityDue1700000200120 } from './1700000200120-capacity-due';
import { PackageWishes1700000200130 } from './1700000200130-package-wishes';
import { ContractLines1700000200140 } from './1700000200140-contract-lines';
import { ContractLinesByKind1700000200150 } from './1700000200150-contract-lines-by-kind';

/** Oldest first. */
export const migrations: readonly Migration[] = [
  Reference1700000200001,
  Residents1700000200002,
  Bookings1700000200003,
  Reschedule1700000200004,
  Waiting1700000200005,
  Licences1700000200006,
  Closures1700000200007,
  Series1700000200008,
  CalendarFeeds1700000200009,
  Indexes1700000200010,
  Cancellations1700000200011,
  Spaces1700000200012,
  Unpriced1700000200013,
  Around1700000200014,
  Inspections1700000200020,
  OfferingLicences1700000200022,
  CareGroups1700000200030,
  Placements1700000200031,
  CareAttendance1700000200032,
  Capacity1700000200040,
  Visits1700000200050,
  Ways1700000200051,
  Care1700000200052,
  Meals1700000200053,
  Registration1700000200060,
  Presence1700000200061,
  Carers1700000200062,
  HoldOwners1700000200063,
  StandingSaid1700000200064,
  ReadModels1700000200090,
  Merges1700000200091,
  PoliciesById1700000200100,
  ContradictedVisits1700000200101,
  WaitingLapses1700000200102,
  SessionSequence1700000200103,
  OrderOwners1700000200104,
  PlacedCapacity1700000200110,
  CapacityDue1700000200120,
  PackageWishes1700000200130,
  ContractLines1700000200140,
  ContractLinesByKind1700000200150,
];
