import { Module } from '@nestjs/common';
import { AccountService } from './account.service';
import { FirstAdministrator } from './bootstrap.service';
import { IdentitiesService } from './identities.service';
import { LoginThrottle } from './login-throttle.service';
import { PasswordHash } from './password-hash.service';
import { PeopleController } from './people.controller';
import { PeopleService } from './people.service';

@Module({
  controllers: [PeopleController],
  providers: [
    PeopleService,
    AccountService,
    IdentitiesService,
    FirstAdministrator,
    LoginThrottle,
    PasswordHash,
  ],
  exports: [LoginThrottle, PasswordHash],
})
export class PeopleModule {}
