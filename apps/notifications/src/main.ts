import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { NotificationsConfig } from './config';

void runMain(() => {
  const config = loadConfig(NotificationsConfig);
  return startService({ name: 'notifications', config, module: AppModule.with(config) });
});
