import { bankSteps } from './banks.harness';
import { Checks, replay } from './checks.harness';
import { claimSteps } from './claims.harness';
import { heldMoneySteps } from './held-money.harness';
import { moneySteps } from './money.harness';
import { monthSteps } from './months.harness';
import { serviceSteps } from './services.harness';
import { setStage } from './stage.harness';
import { voidSteps } from './voids.harness';
import { Dice, play, Walk, type Stage } from './walk.harness';

/*
 * Whatever is held, delivered, paid, voided, billed, matched, claimed, re-rated, settled and closed, in whatever order, by several
 * at once, with rubbish and repeats between: every answer is a success or a whole refusal, what is counted is what the rows say,
 * the books tie in every month, and what is closed stays.
 *
 * Each seed walks elsewhere: `FC_SEED=7 WALK_ROUNDS=50 npx jest apps/billing/src/walk` walks one at length.
 */
const RESIDENTS = [...moneySteps, ...heldMoneySteps, ...voidSteps];
const STEPS = [...serviceSteps, ...RESIDENTS, ...bankSteps, ...claimSteps, ...monthSteps];
const STEPS_A_ROUND = 18;
const ROUNDS = Number(process.env.WALK_ROUNDS ?? 8);
const SEED = Number(process.env.FC_SEED ?? 20_261_120);
const LAST_WORDS = 60;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.billing.stop());

it(
  'any walk leaves books that tie, and told once more it moves nothing',
  async () => {
    const walk = new Walk(stage, new Dice(SEED));
    const checks = new Checks();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        await play(walk, STEPS, STEPS_A_ROUND);
        expect(await checks.faults(walk)).toEqual([]);
      }
      expect(await replay(walk)).toEqual([]);
    } catch (error) {
      throw new Error(`seed ${SEED}, after\n${stage.log.slice(-LAST_WORDS).join('\n')}`, { cause: error });
    }
  },
  60_000 + ROUNDS * 20_000,
);
