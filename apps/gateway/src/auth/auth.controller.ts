import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { INTERNAL, Public, type Session } from '@doorstep/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config';
import { AccessTokens } from '../identity/access-tokens.service';
import { OperatorsClient } from '../identity/operators.client';
import { Admission } from '../limits/admission.service';
import { LoginDto, RefreshDto, TokensDto } from './auth.dto';

/** Local accounts: short access tokens, rotating refresh tokens. The accounts themselves live in operators. */
@ApiTags('auth')
@Controller('v1/auth')
@Public()
export class AuthController {
  constructor(
    private readonly operators: OperatorsClient,
    private readonly tokens: AccessTokens,
    private readonly admission: Admission,
    private readonly config: GatewayConfig,
  ) {}

  @Post('token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Log in with a local account' })
  @ApiOkResponse({ description: 'Logged in.', type: TokensDto })
  async token(
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    await this.admission.admitLogin(request, reply, body.login);
    return this.answer(await this.operators.post<Session>(INTERNAL.sessions, { ...body }));
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Get the next pair of tokens' })
  @ApiOkResponse({ description: 'The next pair; the old refresh token is spent.', type: TokensDto })
  async refresh(
    @Body() body: RefreshDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    await this.admission.admitAddress(request, reply);
    return this.answer(await this.operators.post<Session>(INTERNAL.refresh, { ...body }));
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session' })
  @ApiNoContentResponse({ description: 'Its refresh tokens are worthless now.' })
  async logout(
    @Body() body: RefreshDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.admission.admitAddress(request, reply);
    await this.operators.delete(INTERNAL.sessions, { ...body });
  }

  private async answer({ actor, refreshToken }: Session): Promise<TokensDto> {
    return {
      accessToken: await this.tokens.sign(actor),
      tokenType: 'Bearer',
      expiresInSeconds: this.config.accessTokenSeconds,
      refreshToken,
    };
  }
}
