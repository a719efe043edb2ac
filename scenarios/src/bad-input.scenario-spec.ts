import { creditCodeOf, FrontEnd, inParallel } from '@doorstep/demo';
import { testPlatform } from '@doorstep/testing';
import { Pool } from 'undici';
import { type ApiDocument, type BadRequest, badRequests, shownRequests } from './malformed';

const WIDTH = 8;

/** Operations that would change what other scenarios stand on when they happen to succeed. */
const LEFT_OUT = ['/v1/auth/', '/v1/people/me'];

/**
 * Every operation of the API document, asked by an owner or the administrator with thousands of broken paths, queries and bodies: each
 * answer below 400 is fine, each refusal is a problem document with a code, a reason and a mend, and none is a 5xx.
 */
describe('bad input', () => {
  const platform = testPlatform();
  const pool = new Pool(platform.gatewayUrl, { connections: WIDTH, headersTimeout: 20_000 });
  let callers: string[];
  let requests: BadRequest[];
  let shown: BadRequest[];

  beforeAll(async () => {
    const gateway = FrontEnd.connect(platform.gatewayUrl);
    const login = { login: platform.adminLogin, password: platform.adminPassword };
    const administrator = await tokenFor(gateway, login.login, login.password);
    callers = [await ownerOfAnOperator(gateway, administrator), administrator];
    const document = await gateway.get<ApiDocument>('/v1/openapi.json');
    const isIn = ({ path }: BadRequest) => !LEFT_OUT.some((prefix) => path.startsWith(prefix));
    requests = badRequests(document).filter(isIn);
    shown = shownRequests(document).filter(isIn);
    await gateway.close();
  });
  afterAll(() => pool.close());

  it('never makes a 5xx, and every refusal says what to do', async () => {
    expect(requests.length).toBeGreaterThan(2_000);
    const faults = await inParallel(requests, WIDTH, ask);
    const found = faults.filter((fault) => fault !== undefined);
    expect({ faults: found.length, first: found.slice(0, 25) }).toEqual({ faults: 0, first: [] });
  }, 240_000);

  // As an owner alone: an administrator's examples are rules of real cities, and other scenarios live there.
  it('is not what the document shows as an example: that can be read as it stands', async () => {
    expect(shown.length).toBeGreaterThan(150);
    const answers = await inParallel(shown, WIDTH, async (request) => {
      const [, text] = await send(request, callers[0]);
      return `${request.method} ${request.path} → ${text}`;
    });
    expect(answers.filter((answer) => answer.includes('"code":"validation_failed"'))).toEqual([]);
  }, 60_000);

  async function ask(request: BadRequest): Promise<string | undefined> {
    let [response, text] = await send(request, callers[0]);
    // What isn't an owner's business is the administrator's.
    if (response.statusCode === 403) [response, text] = await send(request, callers[1]);
    if (response.statusCode < 400) return undefined;
    const { method, path, what } = request;
    const title = `${method} ${path.slice(0, 80)} with ${what} → ${response.statusCode} ${text.slice(0, 160)}`;
    if (response.statusCode >= 500) return title;
    const type = String(response.headers['content-type']);
    if (!type.startsWith('application/problem+json')) return `${title} (${type})`;
    const problem = JSON.parse(text) as Record<string, unknown>;
    const complete = ['type', 'title', 'status', 'code', 'detail'].every(
      (member) => problem[member] !== undefined,
    );
    return complete && (problem.mend !== undefined || problem.errors !== undefined)
      ? undefined
      : `${title} (incomplete)`;
  }

  async function send({ method, path, body, contentType }: BadRequest, token: string) {
    const headers: Record<string, string> = contentType ? { 'content-type': contentType } : {};
    const answer = await pool.request({
      method: method as 'GET',
      path,
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
    });
    return [answer, await answer.body.text()] as const;
  }
});

async function tokenFor(gateway: FrontEnd, login: string, password: string): Promise<string> {
  return (await gateway.post<{ accessToken: string }>('/v1/auth/token', { login, password })).accessToken;
}

/** Somebody with a tenant, who may do nearly everything in it. */
async function ownerOfAnOperator(gateway: FrontEnd, administratorToken: string): Promise<string> {
  const administrator = gateway.as({ accessToken: administratorToken });
  const operator = await administrator.post<{ id: string }>('/v1/organisations', {
    kind: 'operator',
    operation: 'chain',
    name: '错进错出有限公司',
    creditCode: creditCodeOf(4711),
  });
  const login = 'owner@bad-input.example';
  const person = { organisationId: operator.id, login, name: 'Owner', roles: ['owner'] };
  const { oneTimePassword } = await administrator.post<{ oneTimePassword: string }>('/v1/people', person);
  const first = gateway.as({ accessToken: await tokenFor(gateway, login, oneTimePassword) });
  const password = `${oneTimePassword}-Changed1`;
  await first.post('/v1/people/me/password', { current: oneTimePassword, next: password });
  return tokenFor(gateway, login, password);
}
