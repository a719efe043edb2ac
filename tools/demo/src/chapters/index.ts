import { bank } from './bank';
import type { Chapter } from './chapter';
import { childcare } from './childcare';
import { contractMoney } from './contract-money';
import { coverage } from './coverage';
import { heldMoney } from './held-money';
import { kinds } from './kinds';
import { meals } from './meals';
import { month } from './month';
import { portfolio } from './portfolio';
import { quality } from './quality';
import { visits } from './visits';
import { waitlist } from './waitlist';

/**
 * In the order in which they are played: each leaves a city that the next can use. Residents pay ahead, residents and funders
 * settle the played day, childcare's month passes, and when it is over the bank's statement closes the month; then the
 * contract's own money is settled.
 */
export const CHAPTERS: readonly Chapter[] = [
  coverage,
  portfolio,
  quality,
  heldMoney,
  month,
  childcare,
  bank,
  contractMoney,
  visits,
  meals,
  kinds,
  waitlist,
];
