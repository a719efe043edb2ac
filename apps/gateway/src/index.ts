export { AppModule } from './app.module';
export { GatewayConfig as Config } from './config';
export { SEGMENTS, SERVICES, type ServiceName } from './upstream/services';
