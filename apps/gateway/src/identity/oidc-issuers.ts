/** One outside issuer whose tokens are accepted. */
export interface OidcIssuer {
  /** As in the token's `iss`; must be https, or http on the own machine. */
  issuer: string;
  audience: string;
  /** Accepted signature algorithms; asymmetric ones only. */
  algorithms: string[];
  /** The claim that holds the person's login. */
  loginClaim: string;
  /** Default: found through the issuer's /.well-known/openid-configuration. */
  jwksUri?: string;
}

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const SAFE_URL = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$))/;

export interface OidcIssuers {
  issuers: OidcIssuer[];
  /** What needs mending, all at once. */
  faults: string[];
}

/** Reads OIDC_ISSUERS. */
export function parseOidcIssuers(json: string | undefined): OidcIssuers {
  if (!json) return { issuers: [], faults: [] };
  const list = parse(json);
  if (!Array.isArray(list)) return { issuers: [], faults: ['OIDC_ISSUERS must be a JSON list'] };
  const faults: string[] = [];
  const issuers = list.map((entry, index) => issuerOf(entry, `OIDC_ISSUERS[${index}]`, faults));
  return { issuers, faults };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function issuerOf(entry: unknown, where: string, faults: string[]): OidcIssuer {
  const {
    issuer,
    audience,
    algorithms = ['RS256'],
    loginClaim = 'sub',
    jwksUri,
  } = (entry ?? {}) as Partial<OidcIssuer>;
  if (typeof issuer !== 'string' || !SAFE_URL.test(issuer))
    faults.push(`${where}.issuer must be an https address`);
  if (typeof audience !== 'string' || audience === '') faults.push(`${where}.audience must be given`);
  if (jwksUri !== undefined && !SAFE_URL.test(String(jwksUri)))
    faults.push(`${where}.jwksUri must be an https address`);
  if (typeof loginClaim !== 'string' || loginClaim === '')
    faults.push(`${where}.loginClaim must name a claim`);
  const pinned =
    Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((one) => ALGORITHMS.includes(one));
  if (!pinned) faults.push(`${where}.algorithms must be some of ${ALGORITHMS.join(', ')}`);
  return { issuer: String(issuer), audience: String(audience), algorithms, loginClaim, jwksUri };
}
