import { eventSchemas } from './event-schemas';

describe('eventSchemas', () => {
  const contract = {
    path: 'libs/contracts/src/billing.ts',
    text: "const a = 1;\n@EventType({ type: 'billing.ChargeCaptured.v1', topic: BILLING, key: 'chargeId' })\nclass A {}",
  };

  it('wants the committed schema of each event', () => {
    const [finding] = eventSchemas([contract]);
    expect(finding).toMatchObject({ path: contract.path, line: 2, rule: 'event-schema' });
    expect(finding?.what).toContain('docs/events/schemas/billing.ChargeCaptured.v1.json');
  });

  it('is content when it is there', () => {
    const schema = { path: 'docs/events/schemas/billing.ChargeCaptured.v1.json', text: '{}' };
    expect(eventSchemas([contract, schema])).toEqual([]);
  });
});
