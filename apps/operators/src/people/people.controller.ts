import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { AccountDto } from './account.dto';
import { AccountService } from './account.service';
import { IdentitiesService } from './identities.service';
import {
  ChangeAccountDto,
  ChangePasswordDto,
  IdentitiesDto,
  IdentityDto,
  LinkIdentityDto,
  OpenAccountDto,
  OpenedAccountDto,
  PeopleQuery,
  PersonDto,
  UnlinkIdentityQuery,
} from './people.dto';
import { PeopleService } from './people.service';

const ID = { name: 'id', format: 'uuid', description: "The person's id." };

@ApiTags('people')
@Controller('v1/people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly account: AccountService,
    private readonly identities: IdentitiesService,
  ) {}

  @Post()
  @Access('people:create')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Open an account',
    description:
      'Administrators open accounts anywhere; everybody else for colleagues, with the roles of their kind of organisation. The one-time password must be replaced at the first log-in.',
  })
  @ApiCreatedResponse({ type: OpenedAccountDto, description: 'Opened.' })
  open(@Body() body: OpenAccountDto): Promise<OpenedAccountDto> {
    return this.people.open(body);
  }

  @Get()
  @Access('people:read')
  @ApiOperation({ summary: 'List accounts of the own organisation' })
  @ApiPage(PersonDto, 'Accounts in the order of their opening.')
  list(@Query() query: PeopleQuery): Promise<Page<PersonDto>> {
    return this.people.list(query);
  }

  @Get('me')
  @Access('account:read')
  @ApiOperation({ summary: 'See who you are here' })
  @ApiOkResponse({ type: AccountDto, description: 'Your account.' })
  me(): Promise<AccountDto> {
    return this.account.find();
  }

  @Post('me/password')
  @HttpCode(204)
  @Access('account:password')
  @ApiOperation({ summary: 'Set an own password; every log-in ends and you log in again' })
  @ApiNoContentResponse({ description: 'Set.' })
  changePassword(@Body() body: ChangePasswordDto): Promise<void> {
    return this.account.changePassword(body);
  }

  @Get(':id')
  @Access('people:read')
  @ApiOperation({ summary: 'See one account' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PersonDto, description: 'The account.' })
  find(@Param('id', UuidParam) id: string): Promise<PersonDto> {
    return this.people.find(id);
  }

  @Patch(':id')
  @Access('people:update')
  @ApiOperation({ summary: 'Change name, roles or sites; effective with the next refresh of the log-in' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PersonDto, description: 'The account after the change.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeAccountDto): Promise<PersonDto> {
    return this.people.change(id, body);
  }

  @Post(':id/disable')
  @HttpCode(200)
  @Access('people:disable')
  @ApiOperation({ summary: 'Close an account; its log-ins end at once' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PersonDto, description: 'Closed, or closed before.' })
  disable(@Param('id', UuidParam) id: string): Promise<PersonDto> {
    return this.people.disable(id);
  }

  @Post(':id/enable')
  @HttpCode(200)
  @Access('people:disable')
  @ApiOperation({ summary: 'Reopen a closed account' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PersonDto, description: 'Open.' })
  enable(@Param('id', UuidParam) id: string): Promise<PersonDto> {
    return this.people.enable(id);
  }

  @Post(':id/one-time-password')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Access('people:update')
  @ApiOperation({ summary: 'Give a new one-time password to somebody who forgot the own one' })
  @ApiParam(ID)
  @ApiOkResponse({ type: OpenedAccountDto, description: 'The account with its one-time password.' })
  resetPassword(@Param('id', UuidParam) id: string): Promise<OpenedAccountDto> {
    return this.people.resetPassword(id);
  }

  @Post(':id/identities')
  @Access('people:update')
  @ApiOperation({ summary: 'Link an account to an OIDC identity' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: IdentityDto, description: 'Linked.' })
  link(@Param('id', UuidParam) id: string, @Body() body: LinkIdentityDto): Promise<IdentityDto> {
    return this.identities.link(id, body);
  }

  @Get(':id/identities')
  @Access('people:read')
  @ApiOperation({ summary: "See an account's OIDC identities" })
  @ApiParam(ID)
  @ApiOkResponse({ type: IdentitiesDto, description: 'The identities.' })
  listIdentities(@Param('id', UuidParam) id: string): Promise<IdentitiesDto> {
    return this.identities.list(id);
  }

  @Delete(':id/identities')
  @HttpCode(204)
  @Access('people:update')
  @ApiOperation({ summary: "Remove an account's link with an issuer" })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'Removed.' })
  unlink(@Param('id', UuidParam) id: string, @Query() query: UnlinkIdentityQuery): Promise<void> {
    return this.identities.unlink(id, query.issuer);
  }
}
