import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { GatewayConfig } from './config';

void runMain(() => {
  const config = loadConfig(GatewayConfig);
  return startService({ name: 'gateway', config, module: AppModule.with(config) });
});
