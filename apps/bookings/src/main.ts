import { loadConfig, runMain, startService } from '@doorstep/platform';
import { AppModule } from './app.module';
import { BookingsConfig } from './config';

void runMain(() => {
  const config = loadConfig(BookingsConfig);
  return startService({ name: 'bookings', config, module: AppModule.with(config) });
});
