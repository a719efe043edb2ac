export { AppModule } from './app.module';
export { BookingsConfig as Config } from './config';
export { entities } from './entities';
export { migrations } from './migrations';
