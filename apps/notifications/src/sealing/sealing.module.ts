import { Global, Module } from '@nestjs/common';
import { NotificationsConfig } from '../config';
import { Keyring } from './keyring';

@Global()
@Module({
  providers: [
    {
      provide: Keyring,
      inject: [NotificationsConfig],
      useFactory: ({ contactKeyId, contactKey, contactKeysFormer }: NotificationsConfig) =>
        new Keyring(contactKeyId, contactKey, contactKeysFormer),
    },
  ],
  exports: [Keyring],
})
export class SealingModule {}
