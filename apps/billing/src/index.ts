export { AppModule } from './app.module';
export { BillingConfig as Config } from './config';
export { entities } from './entities';
export { migrations } from './migrations';
