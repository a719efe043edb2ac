import { eventually, testStack } from '@doorstep/testing';
import { Scene } from './scene';

/** A process of its own takes its time to start beside everything else on two cores. */
const PATIENT = { timeoutMs: 30_000 };

jest.setTimeout(120_000);

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open(testStack());
});
afterEach(() => scene.close());

describe('a process killed at the worst moment', () => {
  it('after the broker’s acknowledgement, before the outbox forgets: sent twice, one effect', async () => {
    const victim = scene.start({ crashAt: 'relay.acknowledged:2' });
    await scene.teller.tell(20, 10);
    expect(await victim.ended).toBe('SIGKILL');
    scene.start();
    await scene.proof.exactlyOnce(scene.teller.acknowledged);
    expect(scene.teller.acknowledged).toHaveLength(200);
    expect(await scene.messagesOnTopic()).toBeGreaterThan(200);
  });

  it('before the handler’s commit: nothing happened, it happens later', async () => {
    const victim = scene.start({ crashAt: 'consumer.beforeCommit:3' });
    await scene.teller.tell(20, 10);
    expect(await victim.ended).toBe('SIGKILL');
    scene.start();
    await scene.proof.exactlyOnce(scene.teller.acknowledged);
  });

  it('after the handler’s commit, before the offset’s: delivered twice, one effect', async () => {
    const victim = scene.start({ crashAt: 'consumer.committed:3' });
    await scene.teller.tell(20, 10);
    expect(await victim.ended).toBe('SIGKILL');
    expect(await scene.proof.count('effect')).toBeGreaterThan(0);
    scene.start();
    await scene.proof.exactlyOnce(scene.teller.acknowledged);
  });

  it('in mid-batch while the group rebalances', async () => {
    // A backlog, so that each partition's batch takes several transactions: some are through, others aren't.
    await scene.teller.tell(60, 20);
    const victim = scene.start({ slowMs: 1_000 });
    await eventually(async () => expect(await scene.proof.count('effect')).toBeGreaterThan(0), PATIENT);
    // Two more members make the group rebalance, twice, under the batches in hand of the first.
    scene.start({ slowMs: 100 });
    await scene.start({ slowMs: 100 }).ready;
    expect(await scene.proof.count('effect')).toBeLessThan(1_200);
    await victim.kill();
    await scene.proof.exactlyOnce(scene.teller.acknowledged);
  });
});
