import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_ACTOR } from '@doorstep/platform';
import { startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { FirstAdministrator } from './bootstrap.service';

let folder: string;
let service: TestService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-'));
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, {
    env: { ADMIN_PASSWORD_FILE: join(folder, 'password') },
  });
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

describe('the first start', () => {
  it('makes an administrator, whose password is in the file for the owner of the file alone', async () => {
    const file = join(folder, 'password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const password = (await readFile(file, 'utf8')).trim();
    const gateway = service.as(SYSTEM_ACTOR);
    const { body } = await gateway.post('/internal/sessions').send({ login: 'admin', password }).expect(200);
    expect(body).toMatchObject({
      mustChangePassword: false,
      actor: { roles: ['administrator'], organisationId: null },
    });
    await service.as(body.actor).get('/v1/organisations').expect(200);
  });

  it('makes one, however many processes start at once and how often', async () => {
    await service.db.query(`TRUNCATE person CASCADE`);
    const bootstrap = service.running.app.get(FirstAdministrator);
    await Promise.all(Array.from({ length: 8 }, () => bootstrap.onApplicationBootstrap()));
    await bootstrap.onApplicationBootstrap();
    const { rows } = await service.db.query(`SELECT login FROM person`);
    expect(rows).toEqual([{ login: 'admin' }]);
    const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
    const body = { login: 'admin', password };
    await service.as(SYSTEM_ACTOR).post('/internal/sessions').send(body).expect(200);
  });
});
