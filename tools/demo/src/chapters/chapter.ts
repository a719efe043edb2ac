import type { Platform } from '@doorstep/local-stack';
import type { AlipayTill } from '../alipay';
import type { Books } from '../books';
import type { Area } from '../city';
import type { Wish } from '../day';
import type { FrontEnd } from '../front-end';
import type { Progress } from '../progress';
import type { Random } from '../random';
import type { DayClock } from '../rehearsal-clock';
import type { Check, NotChecked } from '../report';
import type { Charge, Settlement } from '../settlement';
import type { Scene } from '../setup';

/** What a chapter finds when it begins: the area in the evening of the played day, and who can be asked about it. */
export interface Stage {
  platform: Platform;
  gateway: FrontEnd;
  /** Asks the databases past every service: for checks only, never to get the play along. */
  books: Books;
  area: Area;
  scene: Scene;
  /** The day that was played, `yyyy-MM-dd` in the zone of its sites. */
  day: string;
  clock: DayClock;
  /** A chapter's own dice: what it does depends on no other chapter. */
  random: Random;
  progress: Progress;
  wishes: Wish[];
  charges: Charge[];
  settlement: Settlement;
  /** What chapters take through Alipay on the played day; the bank chapter writes its bill. */
  alipay: AlipayTill;
  /** Waits until outboxes are empty and no consumer is behind. */
  everythingHeard(): Promise<void>;
}

export interface Told {
  /** Parts of the report in JSON, by name. */
  report: Record<string, unknown>;
  /** Rows of the closing table: what, and what it came to. */
  rows: [title: string, text: string][];
  checks: Check[];
  /** What a tool that is missing here would have checked. */
  notChecked?: NotChecked[];
}

/** A story of its own, played after the day on the same platform, with checks from independent sources. */
export interface Chapter {
  title: string;
  play(stage: Stage): Promise<Told>;
}
