import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { Migration, ServiceConfig } from '@doorstep/platform';
import { ChargeAuthorised, ChargeDeclined, type EventClass, ServiceDelivered } from '@doorstep/contracts';
import { FixedClock, startTestService, type TestService } from '@doorstep/testing';

/** A service that keeps something of other services' events. Its read models are named by its own migrations. */
export interface Fed {
  name: string;
  /** Tables that events write and that are no read models, each with the reason. */
  records: Record<string, string>;
  /** Tables that a rebuild fills again, and that it never takes anything from. */
  refilled?: Record<string, string>;
  /** Events that follow from what the service itself has decided before. */
  answers?: EventClass[];
}

export const FED: Fed[] = [
  { name: 'facilities', records: {} },
  {
    name: 'operators',
    records: {
      ...because('a queue of days whose figures are to be made again', 'portfolio_due'),
      ...because(
        'what operators itself tells of a site, counted by a version of its own',
        'site_licence_standing',
      ),
      ...because('who changed what elsewhere, written down once and never altered', 'audit_entry'),
    },
  },
  {
    name: 'bookings',
    records: {
      ...because(
        'decided here; an answer to it is an event of its own',
        'booking',
        'hold',
        'space_use',
        'visit',
      ),
      ...because('made from offerings, and what bookings hang on since', 'session', 'capacity_day'),
      ...because('a place that is passed on when one falls free', 'waiting_entry'),
    },
    answers: [ChargeAuthorised, ChargeDeclined],
  },
  {
    name: 'billing',
    records: {
      ...because('decided once, by what was known then', 'charge', 'charge_share', 'charge_rating'),
      ...because('money that was posted', 'ledger_account', 'ledger_entry', 'ledger_line'),
      ...because('posted beside it as a difference', 'charge_correction', 'share_correction'),
      ...because('taken from once, and given back once', 'cap_counter', 'programme_budget'),
      ...because('what was delivered, with the charge that it led to', 'delivery', 'attendance_month'),
      ...because('a visit in doubt, and how the doubt ended', 'visit_doubt'),
    },
    answers: [ServiceDelivered],
    refilled: because(
      'a region in which an operator once had a site stays, told of or not',
      'operator_region',
    ),
  },
  {
    name: 'notifications',
    records: because('a message is sent once', 'delivery'),
  },
];

function because(reason: string, ...tables: string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [table, reason]));
}

/** What one or the other of them can't start without. */
const ENV = {
  PERIODIC: 'false',
  STORAGE_DIR: join(tmpdir(), 'doorstep-rebuild'),
  MASTER_KEY: randomBytes(32).toString('base64'),
  CONTACT_KEY: randomBytes(32).toString('base64'),
};

interface Service {
  AppModule: { with(config: ServiceConfig): DynamicModule };
  Config: new () => ServiceConfig;
  migrations: readonly Migration[];
}

/** The whole service, whatever it is: proofs stand outside of the services' own boundaries. */
export async function startFed({ name }: Fed): Promise<TestService> {
  const source: unknown = await import(join(__dirname, '../../apps', name, 'src'));
  const { AppModule, Config, migrations } = source as Service;
  const clock = new FixedClock('2026-10-12T02:00:00Z');
  return startTestService(name, AppModule, Config, migrations, { clock, env: ENV });
}
