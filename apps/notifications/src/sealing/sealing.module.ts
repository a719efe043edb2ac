import { Global, Module } from '@nestjs/common';
import { NotificationsConfig } from '../config';
import { Keyring } from './keyring';

@Global()
@Module({
  providers: [
    {
      provide: Keyring,
      inject: [NotificationsConfig],
      useFactory: ({ contactKey, contactKeysFormer }: NotificationsConfig) =>
        new Keyring(contactKey, contactKeysFormer),
    },
  ],
  exports: [Keyring],
})
export class SealingModule {}
