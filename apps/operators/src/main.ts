import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { OperatorsConfig } from './config';

void runMain(() => {
  const config = loadConfig(OperatorsConfig);
  return startService({ name: 'operators', config, module: AppModule.with(config) });
});
