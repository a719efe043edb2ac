import { holesOf } from '@doorstep/platform';
import { startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from './app.module';
import { OperatorsConfig } from './config';
import { migrations } from './migrations';

let service: TestService;
beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations);
});
afterAll(() => service.stop());

it('describes its API without holes', async () => {
  const { body } = await service.anonymous.get('/openapi.json').expect(200);
  expect(holesOf(body)).toEqual([]);
});
