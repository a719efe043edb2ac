import { same } from '../checks';
import type { Stage, Told } from './chapter';
import { LATE_SHARE_BP, SEATS, type WaitStory } from './waitlist';

/** What each question of the story has to be answered with. */
const EXPECTED: Record<string, string> = {
  'a full table': 'full',
  'in the queue: urgent, family, single': 'yes',
  'who is urgent is offered the seat': 'offered',
  'nobody else can have it meanwhile': 'full',
  'the offer, accepted': 'confirmed',
  'one seat is not enough for two: the family': 'waiting',
  'one seat is not enough for two: who came later': 'offered',
  'an offer that nobody took': 'expired',
  'it does not come back to life': 'booking_expired',
  'two seats are free: the family': 'offered',
  'both, accepted': 'confirmed',
  'the table afterwards': 'full',
};

/** What the story was told over HTTP against what the databases hold. */
export async function waitlistChecks(stage: Stage, story: WaitStory): Promise<Told> {
  const { books } = stage;
  const { sessionId, late, excused, answers } = story;
  const wrong = Object.keys(EXPECTED).filter((asked) => answers[asked] !== EXPECTED[asked]);
  const units = await books.number(
    'bookings',
    `SELECT sum(units) FROM booking WHERE session_id = $1 AND status = 'confirmed'`,
    [sessionId],
  );
  const taken = await books.number('bookings', 'SELECT taken FROM session WHERE id = $1', [sessionId]);
  const entries = await books.rows<{ status: string; count: string }>(
    'bookings',
    'SELECT status, count(*) FROM waiting_entry WHERE session_id = $1 GROUP BY status ORDER BY status',
    [sessionId],
  );
  const ended = entries.map(({ status, count }) => `${count} ${status}`).join(', ');
  const twice = await books.number(
    'bookings',
    `SELECT count(*) FROM (SELECT resident_id FROM booking WHERE session_id = $1 AND status IN ('confirmed', 'offered')
       GROUP BY resident_id HAVING count(*) > 1) AS twice`,
    [sessionId],
  );
  const expectedFen = Math.floor(((late.price?.residentFen ?? 0) * LATE_SHARE_BP) / 10_000);
  const chargedFen = await books.number(
    'billing',
    `SELECT coalesce(sum(gross_fen), 0) FROM charge WHERE status = 'captured' AND evidence = 'late_cancellation'
       AND booking_id = ANY ($1)`,
    [[late.id, excused.id]],
  );
  const ledgerFen = await books.number(
    'billing',
    `SELECT coalesce(sum(line.amount_fen), 0) FROM ledger_line AS line
     JOIN ledger_account AS account ON account.id = line.account_id
     JOIN charge ON charge.id = line.charge_id
     WHERE account.kind = 'resident_receivable' AND charge.booking_id = ANY ($1)`,
    [[late.id, excused.id]],
  );
  return {
    report: { waitlist: { seats: SEATS, waited: 3, ended, feeFen: chargedFen, answers } },
    rows: [
      ['Waiting list', `${SEATS} seats; of who waited: ${ended}; a late cancellation cost ${chargedFen} fen`],
    ],
    checks: [
      same(
        'the waiting list answers as it should',
        'questions answered otherwise',
        wrong.join('; ') || 'none',
        'none',
      ),
      same('the waited-for table is full and not over', 'seats confirmed against its seats', units, SEATS),
      same('its counter says the same', 'units taken against seats', taken, SEATS),
      same('who waited', 'ends of the entries', ended, '2 accepted, 1 expired'),
      same('nobody has it twice', 'residents with two places', twice, 0),
      same(
        'a late cancellation costs half',
        'fee over HTTP against the price, in fen',
        late.feeFen ?? 0,
        expectedFen,
      ),
      same('an excused one costs nothing', 'fee over HTTP, in fen', excused.feeFen ?? 0, 0),
      same('the fee is charged once', 'captured charge against the fee, in fen', chargedFen, expectedFen),
      same('the fee is in the ledger', "the residents' debt against the fee, in fen", ledgerFen, expectedFen),
    ],
  };
}
