import { isDeepStrictEqual } from 'node:util';
import type { BookingHeld, MonthAttendanceClosed } from '@doorstep/contracts';
import type { Actor } from '@doorstep/platform';
import type { Letter } from '@doorstep/testing';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Response } from 'supertest';
import type { Billing } from '../billing.harness';

/** Dice that fall the same for the same seed. */
export class Dice {
  private readonly source;

  constructor(seed: number) {
    this.source = xoroshiro128plus(seed);
  }

  /** From 0 and below the number. */
  below(number: number): number {
    return number > 1 ? uniformInt(this.source, 0, number - 1) : 0;
  }

  chance(probability: number): boolean {
    return this.below(1_000) < probability * 1_000;
  }

  /** One of them; undefined when there is none. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Dice of their own, for a step that is played beside others. */
  fork(): Dice {
    return new Dice(this.below(2 ** 31));
  }
}

/** A booking as bookings has told it, and what it has told last. */
export interface Told {
  booking: BookingHeld;
  state: 'held' | 'delivered' | 'ended';
}

/** Where the walk is played: what is there, who acts, and what was told. */
export interface Stage {
  billing: Billing;
  /** Two people beside the finance officer: what needs four eyes has them. */
  owners: Actor[];
  /** The first is handed over to the second. */
  contracts: string[];
  handedOver: boolean;
  programmes: string[];
  residents: string[];
  bookings: Told[];
  months: MonthAttendanceClosed[];
  /** Every event so far, to be told again. */
  letters: Letter[];
  accountId: string;
  offerId: string;
  count: number;
  /** What was done, for whoever has to find out why a check failed. */
  log: string[];
  /** How often which refusal was given. */
  answers: Map<string, number>;
}

/** One step's view of the stage: its own dice, and ways to ask and tell. */
export class Walk {
  constructor(
    readonly stage: Stage,
    readonly dice: Dice,
    /** Steps at the same moment look for the same: the newest of everything. */
    private readonly meeting = false,
  ) {}

  get billing(): Billing {
    return this.stage.billing;
  }

  get today(): string {
    return this.billing.clock.now().toISOString().slice(0, 10);
  }

  /** Short, and never twice. */
  fresh(prefix: string): string {
    return `${prefix}${++this.stage.count}`;
  }

  async rows<T>(sql: string, ...values: unknown[]): Promise<T[]> {
    return (await this.billing.db.query(sql, values)).rows as T[];
  }

  async pick<T>(sql: string, ...values: unknown[]): Promise<T | undefined> {
    const rows = await this.rows<T>(sql, ...values);
    return this.meeting ? rows.at(-1) : this.dice.of(rows);
  }

  /** Somebody of the operator's; whoever acts for owners has colleagues. */
  someone(): Actor {
    return this.dice.of([this.billing.finance, ...this.stage.owners]);
  }

  /** Asks for a change, now and then with rubbish in it, or twice. Every answer is a success or a whole refusal. */
  async post(path: string, body: object = {}, actor: Actor = this.billing.finance): Promise<Response> {
    const asked = this.dice.chance(0.03) ? spoilt(body, this.dice) : body;
    const key = this.dice.chance(0.1) ? this.fresh('walk-') : undefined;
    const answer = await this.send(path, asked, actor, key);
    if (key && answer.status < 300) {
      const again = await this.send(path, asked, actor, key);
      if (again.status !== answer.status || !isDeepStrictEqual(again.body, answer.body))
        throw new Error(`${path}: the same key had another answer: ${JSON.stringify(again.body)}`);
    } else if (this.dice.chance(0.06)) await this.send(path, asked, actor);
    return answer;
  }

  private async send(path: string, body: object, actor: Actor, key?: string): Promise<Response> {
    const request = this.billing.as(actor).post(`/v1/${path}`);
    if (key) void request.set('idempotency-key', key);
    const answer = await request.send(body);
    this.note(`${path} ${JSON.stringify(body)}`, answer);
    return answer;
  }

  async upload(path: string, text: string): Promise<Response> {
    const request = this.billing.as(this.billing.finance).post(`/v1/${path}`).set('content-type', 'text/csv');
    const answer = await request.send(text);
    this.note(`${path}\n${text}`, answer);
    return answer;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.billing.as(this.billing.finance).get(`/v1/${path}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  /** Tells events, some of them twice. */
  async tell(...events: Letter['event'][]): Promise<void> {
    const letters = events.map((event): Letter => ({ event, id: crypto.randomUUID() }));
    this.stage.letters.push(...letters);
    this.stage.log.push(...events.map((event) => `${event.constructor.name} ${JSON.stringify(event)}`));
    await this.billing.deliver(...letters, ...(this.dice.chance(0.1) ? letters : []));
  }

  private note(what: string, { status, body }: Response): void {
    const { code = 'done', detail = '' } = body as { code?: string; detail?: string };
    const { log, answers } = this.stage;
    const refused = status >= 300;
    log.push(`${what} → ${status}${refused ? ` ${code}: ${detail}` : ''}`);
    const path = what.split(/[ ?\n]/)[0].replace(/[0-9a-f-]{36}|\d+/g, '…');
    const name = `${path} ${refused ? code : 'done'}`;
    answers.set(name, (answers.get(name) ?? 0) + 1);
    if (refused) assertWhole(what, status, body as Record<string, unknown>);
  }
}

/** A refusal says what it is, why, and what to do; and it is no bare rule of the database. */
function assertWhole(what: string, status: number, { code, detail, mend, errors }: Record<string, unknown>) {
  const bare = ['conflict', 'rule_broken', 'number_out_of_range'].includes(code as string);
  const mended = mend ?? (errors as { mend?: string }[] | undefined)?.every((fault) => fault.mend);
  if (status < 500 && code && detail && mended && !bare) return;
  throw new Error(`${what}: ${status} ${JSON.stringify({ code, detail, mend, errors })}`);
}

const RUBBISH = [
  null,
  '',
  -1,
  0,
  1e15,
  1.5,
  'x',
  [],
  {},
  '2026-13-45',
  '00000000-0000-4000-8000-000000000000',
];

/** The body with one value replaced by rubbish. */
function spoilt(body: object, dice: Dice): object {
  const keys = Object.keys(body);
  if (keys.length === 0) return { surprise: 1 };
  return { ...body, [dice.of(keys)]: dice.of(RUBBISH) };
}

export interface Step {
  name: string;
  /** How often it is taken, beside the others. */
  weight: number;
  play(walk: Walk): Promise<unknown>;
}

/** Plays so many steps, some of them at the same moment. */
export async function play(walk: Walk, steps: readonly Step[], count: number): Promise<void> {
  const bag = steps.flatMap((step) => Array<Step>(step.weight).fill(step));
  for (let done = 0; done < count;) {
    const together = walk.dice.chance(0.2) ? 2 + walk.dice.below(4) : 1;
    const meeting = together > 1 && walk.dice.chance(0.7);
    const taken = Array.from({ length: together }, () => walk.dice.of(bag));
    walk.stage.log.push(`--- ${taken.map(({ name }) => name).join(' + ')}`);
    await Promise.all(taken.map((step) => step.play(new Walk(walk.stage, walk.dice.fork(), meeting))));
    done += together;
  }
}
