export { AppModule } from './app.module';
export { FacilitiesConfig as Config } from './config';
export { entities } from './entities';
export { migrations } from './migrations';
