import { DomainError } from '@doorstep/kernel';
import {
  carriedOver,
  ceilingFor,
  changedTerms,
  checkTerms,
  type ContractTerms,
  type ServiceTerms,
} from './terms';

const terms: ContractTerms = {
  title: ' 运营合同 ',
  services: [{ kind: 'meals', priceCeilingFen: 2500 }],
  settlementCycle: 'monthly',
  kpis: [],
};

const codeOf = (changed: Partial<ContractTerms>): string => {
  try {
    checkTerms({ ...terms, ...changed });
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('terms', () => {
  it('are taken with the title trimmed', () => {
    expect(checkTerms(terms).title).toBe('运营合同');
  });

  it('say in one way what is not there', () => {
    const services = [{ kind: 'meals', mode: null, regionCode: null }] as unknown as ServiceTerms[];
    const agreed = { ...terms, services, rent: { amountFenPerMonth: 1 }, kpis: [{ metric: 'a', target: 1 }] };
    const next = changedTerms(checkTerms(agreed), { rent: null, fee: null, kpis: null, title: '续约' });
    expect(next).toEqual({
      title: '续约',
      services: [{ kind: 'meals' }],
      settlementCycle: 'monthly',
      kpis: [],
    });
    const share = { model: 'revenue_share', operatorShareBp: null } as unknown as ContractTerms['fee'];
    expect(codeOf({ fee: share })).toBe('fee_share_missing');
  });

  it.each<[string, Partial<ContractTerms>]>([
    ['title_empty', { title: ' ' }],
    ['services_empty', { services: [] }],
    ['service_twice', { services: [{ kind: 'meals' }, { kind: 'meals', priceCeilingFen: 1 }] }],
    ['region_code_malformed', { services: [{ kind: 'meals', regionCode: '310' }] }],
    ['fee_amount_missing', { fee: { model: 'management_fee' } }],
    ['fee_share_missing', { fee: { model: 'revenue_share', amountFen: 1 } }],
    [
      'kpi_twice',
      {
        kpis: [
          { metric: 'a', target: 1 },
          { metric: 'a', target: 2 },
        ],
      },
    ],
  ])('are refused with %s', (code, changed) => expect(codeOf(changed)).toBe(code));
});

describe('a region that is given up', () => {
  const line = (regionCode: string | undefined, priceCeilingFen?: number): ServiceTerms => ({
    kind: 'meals',
    ...(regionCode && { regionCode }),
    ...(priceCeilingFen !== undefined && { priceCeilingFen }),
  });
  const successors = new Map([
    ['310101013', ['310101099']],
    ['310101014', ['310101099', '310101098']],
  ]);

  it('leaves its lines to what took its place, the lowest where several come together', () => {
    const agreed = [line(undefined, 2500), line('310101013', 2200), line('310101014', 2000)];
    const carried = [line('310101099', 2000), line('310101098', 2000)];
    expect(carriedOver(agreed, successors)).toEqual([...agreed, ...carried]);
    expect(carriedOver(agreed, new Map())).toEqual(agreed);
    const open = [line('310101013'), line('310101014', 2000)];
    expect(carriedOver(open, successors)).toContainEqual(line('310101099', 2000));
  });

  it('leaves alone what the terms name themselves, and other modes', () => {
    const agreed = [line('310101013', 2200), line('310101099', 2600)];
    expect(carriedOver(agreed, successors)).toEqual(agreed);
    const order = { ...line('310101013', 2200), mode: 'order' };
    expect(carriedOver([order, line('310101099', 2600)], successors)).toContainEqual({
      ...order,
      regionCode: '310101099',
    });
  });
});

describe('the ceiling of a service', () => {
  const services: ServiceTerms[] = [
    { kind: 'childcare', priceCeilingFen: 100 },
    { kind: 'childcare', regionCode: '3101', priceCeilingFen: 200 },
    { kind: 'childcare', regionCode: '310101', priceCeilingFen: 300 },
    { kind: 'childcare', mode: 'timed', priceCeilingFen: 400 },
    { kind: 'meals', regionCode: '3101' },
  ];
  const ceiling = (kind: string, mode: string, region: string) => ceilingFor(services, kind, mode, region);

  it('is that of the narrowest line', () => {
    expect(ceiling('childcare', 'full_day', '330102001001').priceCeilingFen).toBe(100);
    expect(ceiling('childcare', 'full_day', '310104003001').priceCeilingFen).toBe(200);
    expect(ceiling('childcare', 'full_day', '310101002001').priceCeilingFen).toBe(300);
    expect(ceiling('childcare', 'timed', '310101002001').priceCeilingFen).toBe(400);
  });

  it('may be absent where the service is allowed, and is moot where it is not', () => {
    expect(ceiling('meals', 'session', '310101002001')).toEqual({
      allowed: true,
      priceCeilingFen: undefined,
    });
    expect(ceiling('meals', 'session', '330102001001')).toEqual({ allowed: false });
    expect(ceiling('sports', 'session', '310101002001')).toEqual({ allowed: false });
  });
});
