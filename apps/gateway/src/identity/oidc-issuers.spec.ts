import { parseOidcIssuers } from './oidc-issuers';

describe('OIDC_ISSUERS', () => {
  it('is a list; algorithm and claim have defaults', () => {
    expect(parseOidcIssuers(undefined)).toEqual({ issuers: [], faults: [] });
    expect(parseOidcIssuers('[{"issuer":"https://id.example","audience":"doorstep"}]')).toEqual({
      issuers: [
        { issuer: 'https://id.example', audience: 'doorstep', algorithms: ['RS256'], loginClaim: 'sub' },
      ],
      faults: [],
    });
  });

  it('names every fault at once', () => {
    const faulty = JSON.stringify([
      { issuer: 'http://id.example', algorithms: ['HS256'] },
      { issuer: 'https://b.example', audience: 'x', algorithms: ['none'], jwksUri: 'file:///etc/passwd' },
    ]);
    const { faults } = parseOidcIssuers(faulty);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'OIDC_ISSUERS[0].issuer',
      'OIDC_ISSUERS[0].audience',
      'OIDC_ISSUERS[0].algorithms',
      'OIDC_ISSUERS[1].jwksUri',
      'OIDC_ISSUERS[1].algorithms',
    ]);
    expect(parseOidcIssuers('{}').faults).toEqual(['OIDC_ISSUERS must be a JSON list']);
    expect(parseOidcIssuers('nonsense').faults).toEqual(['OIDC_ISSUERS must be a JSON list']);
  });
});
