import { Body, Controller, Delete, Header, HttpCode, Post } from '@nestjs/common';
import { Access } from '@doorstep/platform';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiClientsService } from '../api-clients/api-clients.service';
import {
  LogInDto,
  RefreshDto,
  ResolvedDto,
  ResolveIdentityDto,
  SessionDto,
  VerifiedClientDto,
  VerifyKeyDto,
} from './sessions.dto';
import { SessionsService } from './sessions.service';

/** What the gateway asks, signed as the system. Nothing of this is forwarded from outside. */
@ApiTags('internal')
@Controller('internal')
@Access('internal:call')
export class InternalController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly clients: ApiClientsService,
  ) {}

  @Post('sessions')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Log a person in' })
  @ApiOkResponse({ type: SessionDto, description: 'Logged in.' })
  logIn(@Body() body: LogInDto): Promise<SessionDto> {
    return this.sessions.logIn(body);
  }

  @Post('sessions/refresh')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Exchange a refresh token for the next' })
  @ApiOkResponse({ type: SessionDto, description: 'The log-in goes on.' })
  refresh(@Body() body: RefreshDto): Promise<SessionDto> {
    return this.sessions.refresh(body.refreshToken);
  }

  @Delete('sessions')
  @HttpCode(204)
  @ApiOperation({ summary: 'Log out' })
  @ApiNoContentResponse({ description: 'The log-in has ended, or there was none.' })
  logOut(@Body() body: RefreshDto): Promise<void> {
    return this.sessions.logOut(body.refreshToken);
  }

  @Post('api-keys/verify')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whose API key this is' })
  @ApiOkResponse({ type: VerifiedClientDto, description: 'The key is good.' })
  verify(@Body() body: VerifyKeyDto): Promise<VerifiedClientDto> {
    return this.clients.verify(body.key);
  }

  @Post('oidc/resolve')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "Who a verified OIDC token's subject is here" })
  @ApiOkResponse({ type: ResolvedDto, description: 'The person.' })
  resolve(@Body() body: ResolveIdentityDto): Promise<ResolvedDto> {
    return this.sessions.resolve(body);
  }
}
