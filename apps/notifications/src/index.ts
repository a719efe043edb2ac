export { AppModule } from './app.module';
export { NotificationsConfig as Config } from './config';
export { entities } from './entities';
export { migrations } from './migrations';
