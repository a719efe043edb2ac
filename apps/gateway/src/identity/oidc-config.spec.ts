import { parseOidcIssuers } from './oidc-config';

describe('OIDC_ISSUERS', () => {
  it('is a list; algorithm and claim have defaults', () => {
    expect(parseOidcIssuers(undefined)).toEqual([]);
    expect(parseOidcIssuers('[{"issuer":"https://id.example","audience":"doorstep"}]')).toEqual([
      { issuer: 'https://id.example', audience: 'doorstep', algorithms: ['RS256'], loginClaim: 'sub' },
    ]);
  });

  it('names every fault at once', () => {
    const faulty = JSON.stringify([
      { issuer: 'http://id.example', algorithms: ['HS256'] },
      { issuer: 'https://b.example', audience: 'x', algorithms: ['none'], jwksUri: 'file:///etc/passwd' },
    ]);
    expect(() => parseOidcIssuers(faulty)).toThrow(
      /\[0\]\.issuer[\s\S]*\[0\]\.audience[\s\S]*\[0\]\.algorithms[\s\S]*\[1\]\.jwksUri[\s\S]*\[1\]\.algorithms/,
    );
    expect(() => parseOidcIssuers('{}')).toThrow('must be a JSON list');
    expect(() => parseOidcIssuers('nonsense')).toThrow('must be a JSON list');
  });
});
