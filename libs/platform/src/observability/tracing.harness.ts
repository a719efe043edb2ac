import { Controller, Get } from '@nestjs/common';
import { Public } from '../access/access.decorator';
import { openContext } from '../context/context';
import { startEdge } from '../http/edge.harness';
import { Tracing } from './tracing';

/** Run as a process of its own by tracing.spec.ts: the exporter loads modules in ways that Jest's sandbox has not. */

@Controller('v1/things')
@Public()
class ThingsController {
  @Get(':id')
  traced(): { traceparent?: string } {
    return { traceparent: openContext()?.traceparent };
  }
}

async function main(endpoint: string, parent: string): Promise<void> {
  const service = await startEdge(
    [ThingsController],
    endpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {},
  );
  const answer = await fetch(`${service.url}/v1/things/secret-id`, { headers: { traceparent: parent } });
  const { traceparent } = (await answer.json()) as { traceparent: string };
  const tracing = new Tracing('spec', endpoint || undefined);
  await tracing.start();
  const orphan = tracing.span('work', 'consumer', 'nonsense', { 'messaging.system': 'kafka' });
  orphan?.end({}, new TypeError('x'));
  await Promise.all([service.stop(), tracing.onApplicationShutdown()]);
  process.stdout.write(JSON.stringify({ traceparent, orphan: orphan?.traceparent }));
}

void main(process.argv[2], process.argv[3]);
