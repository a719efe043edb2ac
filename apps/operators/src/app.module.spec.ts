import { holesOf } from '@doorstep/platform';
import { policiesComparingText, startTestService, type TestService } from '@doorstep/testing';
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

it('compares no id as text where rows are kept apart', async () => {
  expect(await policiesComparingText(service.db)).toEqual([]);
});
