import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { BillingConfig } from './config';

void runMain(() => {
  const config = loadConfig(BillingConfig);
  return startService({ name: 'billing', config, module: AppModule.with(config) });
});
