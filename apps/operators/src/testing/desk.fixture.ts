import { StaffSnapshot } from '@doorstep/contracts';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import { anAuthority, anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import type { Test } from 'supertest';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from './register.fixture';
import { someSites } from './scene.fixture';

/** A running service at a fixed time with two operators and an authority: the stage of specs that ask over HTTP. */
export class Desk {
  service: TestService;
  owner: Actor;
  rival: Actor;
  /** Two sites of the owner's, in the official's region. */
  siteId: string;
  otherSite: string;
  readonly official = anAuthority('310101');
  readonly clock: FixedClock;

  /** Starts before all of a spec file and stops after them; each begins at the given time. */
  constructor(now: string) {
    this.clock = new FixedClock(now);
    beforeAll(async () => {
      const { clock } = this;
      this.service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
      const register = new Register(this.service);
      this.owner = anOwner(await register.operator());
      this.rival = anOwner(await register.operator());
      [this.siteId, this.otherSite] = await this.sites(2);
    });
    afterAll(() => this.service.stop());
    beforeEach(() => this.clock.set(now));
  }

  get operatorId(): string {
    return String(this.owner.operatorId);
  }

  sites(many: number, regionCode = '310101002001'): Promise<string[]> {
    return someSites(this.service, this.operatorId, many, { regionCode });
  }

  async site(): Promise<string> {
    return (await this.sites(1))[0];
  }

  post(actor: Actor, path: string, body: object = {}): Test {
    return this.service.as(actor).post(path).send(body);
  }

  turn(periodic: string): Promise<unknown> {
    return this.service.running.app.get(PeriodicRunner).runNow(periodic);
  }

  /** Enters somebody who works at the first site. */
  async staff(changes: object = {}): Promise<string> {
    const skills = ['bedside_care', 'childcare'];
    const body = { name: '王芳', jobTitle: 'caregiver', skills, siteIds: [this.siteId], ...changes };
    return String((await this.post(this.owner, '/v1/staff', body).expect(201)).body.id);
  }

  async toldOf(staffId: string): Promise<StaffSnapshot[]> {
    return (await this.service.told(StaffSnapshot)).filter((each) => each.staffId === staffId);
  }

  async lastOf(staffId: string): Promise<StaffSnapshot | undefined> {
    return (await this.toldOf(staffId)).at(-1);
  }

  /** Plans weekdays from eight to four at the first site. */
  plan(staffId: string, changes: object = {}, actor = this.owner): Test {
    const hours = { weekdays: [1, 2, 3, 4, 5], starts: '08:00', ends: '16:00', from: '2026-12-07' };
    const where = { staffId, siteId: this.siteId, purpose: 'site' };
    return this.post(actor, '/v1/shift-patterns', { ...where, ...hours, ...changes });
  }
}
