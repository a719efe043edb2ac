import { newId } from '@doorstep/kernel';
import type { Step, Walk } from './walk.harness';

/* What funders are asked for, answer and pay, and what is taken back of that. */

interface Claim {
  id: string;
  status: string;
}
const CLAIM = 'SELECT id, status FROM claim ORDER BY id';
const LINE = `SELECT l.id, l.amount_fen::int AS fen, l.accepted_fen::int AS accepted, l.remitted_fen::int AS paid, l.claim_id AS "claimId"
  FROM claim_line AS l JOIN claim AS c ON c.id = l.claim_id`;
interface Line {
  id: string;
  claimId: string;
  fen: number;
  accepted: number | null;
  paid: number;
}

async function draw(walk: Walk): Promise<void> {
  const { dice, stage, billing } = walk;
  const { funderId } = billing.scene;
  const { body, status } = await walk.post('claims', {
    ...{ funderId, contractId: dice.of(stage.contracts), period: dice.of(['2026-10', '2026-11', '2026-12']) },
  });
  if (status === 201 && dice.chance(0.7)) await walk.post(`claims/${body.id}/submit`);
}

async function actOnClaim(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<Claim>(CLAIM);
  if (!found) return draw(walk);
  const lines = await walk.rows<Line>(`${LINE} WHERE c.id = $1 ORDER BY l.id`, found.id);
  const on = (what: string, body: object = {}) => walk.post(`claims/${found.id}/${what}`, body);
  const answered = lines
    .filter(() => dice.chance(0.4))
    .map(({ id, fen }) => ({
      ...{ lineId: id, code: 'late_filing', reason: 'x' },
      ...dice.of([
        { outcome: 'accepted' },
        { outcome: 'rejected' },
        { outcome: 'cut', acceptedFen: Math.trunc(fen / 2) },
      ]),
    }));
  const answers = () => on('answer', { lines: answered, acceptRest: dice.chance(0.6) });
  const acts = [
    ...[answers, answers, answers, () => on('submit'), () => on('submit')],
    () => on('hold-back', { lineIds: lines.slice(0, 1 + dice.below(2)).map(({ id }) => id) }),
    () => on('discard'),
  ];
  await dice.of(acts)();
}

async function actOnCut(walk: Walk): Promise<void> {
  const { dice } = walk;
  const cut = await walk.pick<Line>(`${LINE} WHERE l.accepted_fen <> l.amount_fen ORDER BY l.id`);
  if (!cut) return actOnClaim(walk);
  const asked = await walk.pick<{ id: string }>(
    `SELECT id FROM claim_write_off WHERE status = 'requested' ORDER BY id`,
  );
  if (asked && dice.chance(0.6)) {
    await walk.post(
      `claim-write-offs/${asked.id}/${dice.of(['approve', 'approve', 'refuse'])}`,
      { comment: 'x' },
      walk.someone(),
    );
  } else if (dice.chance(0.5)) await walk.post(`claim-lines/${cut.id}/object`, { reply: 'x' });
  else await walk.post(`claim-lines/${cut.id}/write-off`, { reason: 'x' }, walk.someone());
}

async function remit(walk: Walk): Promise<void> {
  const { dice, stage, billing } = walk;
  const claim = await walk.pick<Claim & { contractId: string; open: number }>(
    `SELECT c.id, c.status, c.contract_id AS "contractId", coalesce(sum(l.accepted_fen - l.remitted_fen), 0)::int AS open
     FROM claim AS c JOIN claim_line AS l ON l.claim_id = c.id WHERE c.status <> 'draft' GROUP BY c.id ORDER BY c.id`,
  );
  const contractId = claim?.contractId ?? dice.of(stage.contracts);
  const open = claim?.open ?? 500;
  const lines = claim ? await walk.rows<Line>(`${LINE} WHERE c.id = $1 ORDER BY l.id LIMIT 3`, claim.id) : [];
  const byLines = lines
    .map(({ id, accepted, fen, paid }) => ({ lineId: id, amountFen: (accepted ?? fen) - paid }))
    .filter(({ amountFen }) => amountFen !== 0);
  const meant = dice.of([
    { claimIds: claim ? [claim.id] : [] },
    { claimIds: claim ? [claim.id] : [] },
    { lines: byLines },
    {},
  ]);
  await walk.post('remittances', {
    ...{ funderId: billing.scene.funderId, contractId, reference: walk.fresh('MZ-'), ...meant },
    ...{ amountFen: dice.of([open, open, open + 300, Math.trunc(open / 2), -100]) },
    receivedOn: dice.of(['2026-11-05', '2026-11-19', walk.today]),
  });
}

async function actOnRemittance(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<{ id: string }>('SELECT id FROM remittance ORDER BY id');
  if (!found) return remit(walk);
  const on = (what: string, body: object) => walk.post(`remittances/${found.id}/${what}`, body);
  const claim = await walk.pick<Claim>(CLAIM);
  const paid = await walk.pick<{ id: string }>(
    'SELECT claim_line_id AS id FROM remittance_line WHERE remittance_id = $1 AND ended_at IS NULL ORDER BY id',
    found.id,
  );
  const acts = [
    () => on('cancel', { reason: 'x' }),
    () => on('allocate', { claimIds: [claim?.id ?? newId()] }),
    () => on('allocate', { claimIds: [claim?.id ?? newId()] }),
    () => on('unallocate', { reason: 'x', all: true }),
    () => on('unallocate', { reason: 'x', lineIds: [paid?.id ?? newId()] }),
  ];
  await dice.of(acts)();
}

export const claimSteps: Step[] = [
  { name: 'claim', weight: 4, play: draw },
  { name: 'act on claim', weight: 6, play: actOnClaim },
  { name: 'cut', weight: 3, play: actOnCut },
  { name: 'remit', weight: 4, play: remit },
  { name: 'act on remittance', weight: 5, play: actOnRemittance },
];
