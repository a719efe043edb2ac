import { sumFen, type Fen } from '@doorstep/kernel';
import { same } from '../checks';
import type { Check } from '../report';
import { claimFrom } from '../settlement';
import type { Stage } from './chapter';

interface Claim {
  id: string;
  status: string;
  funderId: string;
  amountFen: Fen;
}

interface Line {
  id: string;
  amountFen: Fen;
  basis: string;
}

interface Remitted {
  allocatedFen: Fen;
  unallocatedFen: Fen;
  differences: unknown[];
}

export interface ClaimsTold {
  summary: {
    submitted: number;
    settled: number;
    claimedFen: Fen;
    cutFen: Fen;
    remittedFen: Fen;
    openFen: Fen;
  };
  checks: Check[];
}

/** The first funder cuts a line; the operator objects and asks again; then every funder pays what it has accepted. */
export async function playClaims(stage: Stage): Promise<ClaimsTold> {
  const { scene } = stage;
  const before = await scene.owner.all<Claim>('/v1/claims?status=submitted');
  const cut = await cutAndAskAgain(stage, before[0]);
  // What chapters before this one have had delivered since the evening's claims.
  for (const funderId of Object.values(scene.funders)) await claimFrom(scene, funderId, stage.day);
  const submitted = await scene.owner.all<Claim>('/v1/claims?status=submitted');
  for (const { id } of submitted)
    await scene.owner.post(`/v1/claims/${id}/answer`, { lines: [], acceptRest: true });
  const remitted: Remitted[] = [];
  for (const funderId of Object.values(scene.funders))
    if (owedBy(stage, funderId) > 0) remitted.push(await remit(stage, funderId));
  const after = await scene.owner.all<Claim>('/v1/claims');
  const shares = stage.charges.flatMap(({ funders }) => funders.map(({ amountFen }) => amountFen));
  const summary = {
    submitted: after.length,
    settled: after.filter(({ status }) => status === 'settled').length,
    // What was asked for again counts once.
    claimedFen: sumFen(after.map(({ amountFen }) => amountFen)) - cut.cutFen,
    cutFen: cut.cutFen,
    remittedFen: sumFen(remitted.map(({ allocatedFen }) => allocatedFen)),
    openFen: await receivableOf(stage),
  };
  return {
    summary,
    checks: [
      same('the cut comes back as one line', `${cut.basis} line, in fen`, cut.againFen, cut.cutFen),
      same(
        'funders have paid their shares',
        'remittances against the shares in the charges, in fen',
        summary.remittedFen,
        sumFen(shares),
      ),
      same('nothing is left open of funders', 'their accounts in the ledger, in fen', summary.openFen, 0),
      same('every claim is settled', 'settled against all', summary.settled, after.length),
      same(
        'remittances meet to the cent',
        'differences named, and money without a line',
        remitted.flatMap(({ differences }) => differences).length +
          sumFen(remitted.map(({ unallocatedFen }) => unallocatedFen)),
        0,
      ),
    ],
  };
}

async function cutAndAskAgain({ scene, day }: Stage, claim: Claim) {
  const { items } = await scene.owner.get<{ items: Line[] }>(`/v1/claims/${claim.id}/lines?limit=200`);
  const line = items.find(({ amountFen }) => amountFen > 1) as Line;
  const acceptedFen = Math.floor(line.amountFen / 2);
  const answer = {
    lineId: line.id,
    outcome: 'cut',
    acceptedFen,
    code: 'late_filing',
    reason: '材料逾期提交',
  };
  await scene.owner.post(`/v1/claims/${claim.id}/answer`, { lines: [answer], acceptRest: true });
  await scene.owner.post(`/v1/claim-lines/${line.id}/object`, { reply: '附签到记录，请复核。' });
  const { funderId } = claim;
  const wanted = { funderId, contractId: scene.contractId, period: day.slice(0, 7) };
  const again = await scene.owner.post<Claim>('/v1/claims', wanted);
  await scene.owner.post(`/v1/claims/${again.id}/submit`, {});
  const lines = await scene.owner.all<Line>(`/v1/claims/${again.id}/lines`);
  const asked = lines.find(({ basis }) => basis === 'resubmission');
  return {
    cutFen: line.amountFen - acceptedFen,
    againFen: asked?.amountFen ?? -1,
    basis: asked?.basis ?? 'no',
  };
}

/** One remittance over everything that the funder has accepted, as its own books would say. */
async function remit(stage: Stage, funderId: string): Promise<Remitted> {
  const { scene, day } = stage;
  const claims = await scene.owner.all<Claim>(`/v1/claims?funderId=${funderId}`);
  return scene.owner.post<Remitted>('/v1/remittances', {
    ...{ funderId, contractId: scene.contractId, receivedOn: day },
    reference: `BK-${day}-${funderId.slice(-6)}`,
    amountFen: owedBy(stage, funderId),
    claimIds: claims.map(({ id }) => id),
  });
}

function owedBy({ charges }: Stage, funderId: string): Fen {
  const shares = charges.flatMap(({ funders }) => funders.filter((share) => share.funderId === funderId));
  return sumFen(shares.map(({ amountFen }) => amountFen));
}

function receivableOf({ books, scene }: Stage): Promise<Fen> {
  return books.number(
    'billing',
    `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
     WHERE a.kind = 'funder_receivable' AND a.contract_id = $1`,
    [scene.contractId],
  );
}
