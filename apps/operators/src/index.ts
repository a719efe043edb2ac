export { AppModule } from './app.module';
export { OperatorsConfig, OperatorsConfig as Config } from './config';
export { entities } from './entities';
export { migrations } from './migrations';
