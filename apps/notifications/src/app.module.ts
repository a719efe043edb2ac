import { type DynamicModule, Module } from '@nestjs/common';
import { NotificationsChangeRecorded } from '@doorstep/contracts';
import { PlatformModule } from '@doorstep/platform';
import type { NotificationsConfig } from './config';
import { ContactsModule } from './contacts/contacts.module';
import { DeliveriesModule } from './deliveries/deliveries.module';
import { entities } from './entities';
import { migrations } from './migrations';
import { PlacesModule } from './places/places.module';
import { PreferencesModule } from './preferences/preferences.module';
import { SealingModule } from './sealing/sealing.module';
import { TemplatesModule } from './templates/templates.module';
import { WebhooksModule } from './webhooks/webhooks.module';

@Module({})
export class AppModule {
  static with(config: NotificationsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService({
          name: 'notifications',
          config,
          entities,
          migrations,
          changes: NotificationsChangeRecorded,
        }),
        // What it knows.
        SealingModule,
        ContactsModule,
        PlacesModule,
        PreferencesModule,
        TemplatesModule,
        // What it does.
        DeliveriesModule,
        WebhooksModule,
      ],
    };
  }
}
