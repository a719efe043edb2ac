import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { FacilitiesConfig } from './config';

void runMain(() => {
  const config = loadConfig(FacilitiesConfig);
  return startService({ name: 'facilities', config, module: AppModule.with(config) });
});
