import Table from 'cli-table3';
import { formatYuan, type Fen } from '@doorstep/kernel';
import { say } from './progress';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** What could not be checked here, and what would help. */
export interface NotChecked {
  name: string;
  mend: string;
}

/** What one played day came to. Amounts in fen, times in seconds. */
export interface Report {
  city: string;
  communities: number;
  sites: number;
  contracts: number;
  bookings: {
    requested: number;
    held: number;
    confirmed: number;
    declined: number;
    cancelled: number;
    attended: number;
  };
  overbooked: number;
  charges: { grossFen: Fen; residentFen: Fen; fundersFen: Fen; operatorFen: Fen };
  ledger: { debitFen: Fen; creditFen: Fen };
  settlement: {
    lines: number;
    matched: number;
    exceptions: number;
    seededFaults: number;
    faultsFound: number;
    falseAlarms: number;
  };
  reconciliation: { differenceFen: Fen };
  events: { published: number; consumed: number; duplicatesIgnored: number; deadLettered: number };
  seconds: { stackUp: number; total: number };
  /** Rows of the closing table, and parts that stand beside the others in the JSON file. */
  chapters: { rows: [title: string, text: string][]; parts: Record<string, unknown> };
  checks: Check[];
  /** Counts neither as a check that holds nor as one that fails. */
  notChecked: NotChecked[];
}

/** The report as a file: the chapters' parts beside those of the day, or within one of the same name. */
export function reportAsJson({ chapters, checks, notChecked, ...day }: Report): string {
  const whole: Record<string, unknown> = { ...day };
  for (const [name, part] of Object.entries(chapters.parts)) {
    const former = whole[name];
    whole[name] = isRecord(former) && isRecord(part) ? { ...former, ...part } : part;
  }
  return `${JSON.stringify({ ...whole, checks, notChecked }, null, 2)}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const yuan = (amount: Fen): string => `¥ ${formatYuan(amount).replace(/\B(?=(\d{3})+\.)/g, ',')}`;

/** The closing table that a person reads. */
export function printReport(report: Report): void {
  const table = new Table({ style: { head: [], border: [] }, colWidths: [22, 72], wordWrap: true });
  const { bookings: b, charges: c, settlement: s, events: e } = report;
  table.push(
    ['City', `${report.city}, ${report.communities} communities`],
    ['Sites', `${report.sites} under ${report.contracts} contract`],
    [
      'Bookings',
      `${b.requested} requested · ${b.held} held · ${b.confirmed} confirmed · ${b.declined} declined\n${b.cancelled} cancelled · ${b.attended} attended · ${report.overbooked} overbooked sessions`,
    ],
    [
      'Charges',
      `${yuan(c.grossFen)} = residents ${yuan(c.residentFen)} + funders ${yuan(c.fundersFen)} + operator ${yuan(c.operatorFen)}`,
    ],
    ['Ledger', `debit ${yuan(report.ledger.debitFen)} · credit ${yuan(report.ledger.creditFen)}`],
    [
      'Channel bill',
      `${s.lines} lines · ${s.matched} matched · ${s.exceptions} exceptions\n${s.faultsFound} of ${s.seededFaults} sown faults found · ${s.falseAlarms} false alarms · unexplained ${yuan(report.reconciliation.differenceFen)}`,
    ],
    ...report.chapters.rows,
    [
      'Events',
      `${e.published} published · ${e.consumed} consumed · ${e.duplicatesIgnored} duplicates ignored · ${e.deadLettered} dead letters`,
    ],
    [
      'Time',
      `stack up in ${report.seconds.stackUp.toFixed(1)} s · all in ${report.seconds.total.toFixed(1)} s`,
    ],
  );
  say(`\n${table.toString()}\n`);
  for (const check of report.checks) say(`  ${check.ok ? '✓' : '✗'} ${check.name}: ${check.detail}`);
  for (const { name, mend } of report.notChecked) say(`  – ${name}: not checked; ${mend}`);
  const failed = report.checks.filter((check) => !check.ok).length;
  const count = report.checks.length;
  const skipped = report.notChecked.length > 0 ? ` ${report.notChecked.length} could not be made.` : '';
  say(`\n${failed === 0 ? `All ${count} checks hold.` : `${failed} of ${count} checks FAIL.`}${skipped}`);
}
