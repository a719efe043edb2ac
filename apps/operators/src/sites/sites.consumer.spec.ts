import { FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aSite } from '../testing/scene.fixture';

let service: TestService;
beforeAll(async () => {
  const clock = new FixedClock('2026-11-02T01:00:00Z');
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
});
afterAll(() => service.stop());

const known = async (siteId: string) =>
  (await service.db.query(`SELECT name, version FROM known_site WHERE site_id = $1`, [siteId])).rows;

it('keeps the newest snapshot of each site, in whatever order and however often they come', async () => {
  const site = aSite(newId());
  const renamed = aSite(site.operatorId, { siteId: site.siteId, nameZh: '西门站', version: 3 });
  const between = aSite(site.operatorId, { siteId: site.siteId, nameZh: '中间站', version: 2 });
  await service.deliver(site, renamed, between);
  expect(await known(site.siteId)).toEqual([{ name: '西门站', version: 3 }]);
  await service.deliver(between, site);
  expect(await known(site.siteId)).toEqual([{ name: '西门站', version: 3 }]);
});
