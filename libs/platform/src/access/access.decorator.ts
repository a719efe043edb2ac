import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Permission } from './permissions';

export const ACCESS = 'doorstep:access';
export const PUBLIC = 'doorstep:public';

/** Opens an operation to the roles that the permission table names; also documents it as x-permission. */
export function Access(permission: Permission): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, permission),
    ApiExtension('x-permission', permission),
    ApiSecurity('accessToken'),
    ApiSecurity('apiKey'),
  );
}

/** Opens an operation to everybody, without identity: health, login, documents. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));
}
