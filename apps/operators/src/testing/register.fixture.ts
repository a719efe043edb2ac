import type { DomainEvent } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import type { Pool } from 'pg';
import type { Test } from 'supertest';

/** What the fixtures need of a running service; libs/testing's TestService has it. */
export interface ServiceUnderTest {
  as(actor: Actor): Record<'get' | 'post' | 'patch' | 'delete', (path: string) => Test>;
  db: Pool;
  deliver(...events: DomainEvent[]): Promise<unknown>;
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
let count = 0;

/** Registers organisations for tests, each with a credit code of its own. */
export class Register {
  private readonly administrator: Actor = {
    id: newId(),
    kind: 'person',
    organisationId: null,
    operatorId: null,
    regionPrefix: null,
    roles: ['administrator'],
  };

  constructor(private readonly service: ServiceUnderTest) {}

  operator(name = '邻里之家连锁'): Promise<string> {
    return this.organisation({ kind: 'operator', operation: 'chain', name });
  }

  authority(regionCode: string): Promise<string> {
    return this.organisation({ kind: 'authority', regionCode, name: '民政局' });
  }

  funder(): Promise<string> {
    return this.organisation({ kind: 'funder', name: '慈善基金会' });
  }

  private async organisation(body: Record<string, unknown>): Promise<string> {
    const answer = await this.service
      .as(this.administrator)
      .post('/v1/organisations')
      .send({ ...body, creditCode: aCreditCode() })
      .expect(201);
    return String(answer.body.id);
  }
}

/** A valid code, different each time. */
export function aCreditCode(): string {
  const digits = [...`91310101MA${String(++count).padStart(7, '0')}`];
  const sum = digits.reduce((total, digit, i) => total + ALPHABET.indexOf(digit) * 3 ** i, 0);
  return digits.join('') + ALPHABET[(31 - (sum % 31)) % 31];
}
