import { DomainError } from '@doorstep/kernel';
import {
  changeOrganisation,
  type Organisation,
  registerOrganisation,
  type RegisterOrganisation,
  type Registrar,
} from './organisation';

const ID = '019a0000-0000-7000-8000-000000000001';
const VALID_CODE = '91350200MA2YJ1XR9G';
const WRONG_CHECK = '91350200MA2YJ1XR9H';

const operator: RegisterOrganisation = {
  kind: 'operator',
  operation: 'chain',
  name: ' 邻里之家连锁 ',
  creditCode: VALID_CODE,
};
const authority: RegisterOrganisation = {
  kind: 'authority',
  name: '黄浦区民政局',
  creditCode: '91440101MA5CJQ4N59',
  regionCode: '310101',
};

const administrator: Registrar = { organisationId: null, roles: ['administrator'] };
const register = (
  command: RegisterOrganisation,
  parent: Organisation | null = null,
  registrar = administrator,
) => registerOrganisation(registrar, command, parent, ID);

const refusal = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
};

describe('registering an organisation', () => {
  it('makes an operator its own tenant', () => {
    expect(register(operator)).toEqual({
      id: ID,
      kind: 'operator',
      operatorId: ID,
      parentId: null,
      operation: 'chain',
      name: '邻里之家连锁',
      creditCode: VALID_CODE,
      creditCodeOverrideReason: null,
      regionCode: null,
      version: 1,
    });
  });

  it('keeps an authority and a funder outside of every tenant', () => {
    expect(register(authority)).toMatchObject({ operatorId: null, regionCode: '310101' });
    expect(register({ ...authority, kind: 'funder', regionCode: undefined })).toMatchObject({
      operatorId: null,
      regionCode: null,
    });
  });

  it.each([
    ['an operator without an operation', { ...operator, operation: undefined }, 'operation_missing'],
    [
      'an authority with an operation',
      { ...authority, operation: 'chain' as const },
      'operation_not_expected',
    ],
    ['an authority without a region', { ...authority, regionCode: undefined }, 'region_missing'],
    ['an operator with a region', { ...operator, regionCode: '31' }, 'region_not_expected'],
    ['a region of three digits', { ...authority, regionCode: '310' }, 'region_code_malformed'],
    ['a name of blanks', { ...operator, name: '  ' }, 'name_empty'],
    ['a short credit code', { ...operator, creditCode: '9135' }, 'credit_code_malformed'],
    [
      'a credit code with a wrong check',
      { ...operator, creditCode: WRONG_CHECK },
      'credit_code_check_failed',
    ],
  ])('refuses %s', (_what, command, code) => {
    expect(refusal(() => register(command))).toMatchObject({ kind: 'invalid', code });
  });

  it('takes a code that fails its check when a reason is given, and keeps the reason', () => {
    const taken = register({
      ...operator,
      creditCode: WRONG_CHECK,
      creditCodeOverrideReason: 'licence of 2015, seen in the original',
    });
    expect(taken.creditCodeOverrideReason).toBe('licence of 2015, seen in the original');
  });

  it('keeps no reason for a code that needs none', () => {
    const taken = register({ ...operator, creditCodeOverrideReason: 'to be sure' });
    expect(taken.creditCodeOverrideReason).toBeNull();
  });

  it('never takes a malformed code, whatever the reason', () => {
    const command = { ...operator, creditCode: 'I'.repeat(18), creditCodeOverrideReason: 'because' };
    expect(refusal(() => register(command)).code).toBe('credit_code_malformed');
  });
});

describe('registering a branch', () => {
  const head: Organisation = { ...register(operator), id: 'head', operatorId: 'head' };
  const owner: Registrar = { organisationId: 'head', roles: ['owner'] };

  it("puts it into its head office's tenant", () => {
    expect(register(operator, head, owner)).toMatchObject({ id: ID, operatorId: 'head', parentId: 'head' });
  });

  it.each<[string, () => unknown, string]>([
    ['of a branch', () => register(operator, { ...head, parentId: 'other' }), 'not_a_head_office'],
    [
      'of an authority',
      () => register(operator, { ...register(authority), id: 'head' }),
      'not_a_head_office',
    ],
    ['that is an authority', () => register(authority, head), 'not_a_head_office'],
    [
      "by another operator's owner",
      () => register(operator, head, { ...owner, organisationId: 'x' }),
      'not_your_branch',
    ],
    ['that is none, by an owner', () => register(operator, null, owner), 'not_your_branch'],
    [
      'with an override, by an owner',
      () => register({ ...operator, creditCodeOverrideReason: 'x' }, head, owner),
      'override_not_yours',
    ],
  ])('is refused %s', (_what, work, code) => expect(refusal(work).code).toBe(code));
});

describe('changing an organisation', () => {
  const registered = register(authority);

  it('leaves out what is not named', () => {
    expect(changeOrganisation(registered, { name: '黄浦区民政局（新）' })).toEqual({
      ...registered,
      name: '黄浦区民政局（新）',
      version: 2,
    });
  });

  it('checks a new credit code as at registration', () => {
    expect(refusal(() => changeOrganisation(registered, { creditCode: WRONG_CHECK })).code).toBe(
      'credit_code_check_failed',
    );
  });
});
