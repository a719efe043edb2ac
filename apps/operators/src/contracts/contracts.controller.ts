import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ContractLifecycle } from './contract-lifecycle.service';
import {
  AsOfQuery,
  ChangeDraftDto,
  ContractDto,
  ContractsQuery,
  DraftContractDto,
  SignContractDto,
  SuspendContractDto,
  TerminateContractDto,
} from './contracts.dto';
import { ContractsService } from './contracts.service';

const ID = { name: 'id', format: 'uuid', description: "The contract's id." };
const AFTER = { type: ContractDto, description: 'The contract after the step.' };

@ApiTags('contracts')
@Controller('v1/contracts')
export class ContractsController {
  constructor(
    private readonly contracts: ContractsService,
    private readonly lifecycle: ContractLifecycle,
  ) {}

  @Post()
  @Access('contracts:create')
  @ApiOperation({ summary: 'Draft an operating contract between an authority and an operator' })
  @ApiCreatedResponse({ type: ContractDto, description: 'Drafted.' })
  draft(@Body() body: DraftContractDto): Promise<ContractDto> {
    return this.contracts.draft(body);
  }

  @Get()
  @Access('contracts:read')
  @ApiOperation({ summary: 'List contracts of the own organisation' })
  @ApiPage(ContractDto, 'Contracts in the order of their drafting.')
  list(@Query() query: ContractsQuery): Promise<Page<ContractDto>> {
    return this.contracts.list(query);
  }

  @Get(':id')
  @Access('contracts:read')
  @ApiOperation({ summary: 'See one contract with the terms of today or of any day' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ContractDto, description: 'The contract.' })
  find(@Param('id', UuidParam) id: string, @Query() query: AsOfQuery): Promise<ContractDto> {
    return this.contracts.find(id, query.asOf);
  }

  @Patch(':id')
  @Access('contracts:amend')
  @ApiOperation({ summary: 'Change a draft; signatures fall away' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ContractDto, description: 'The draft after the change.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeDraftDto): Promise<ContractDto> {
    return this.contracts.change(id, body);
  }

  @Post(':id/signatures')
  @Access('contracts:sign')
  @ApiOperation({
    summary: 'Sign for the own organisation',
    description:
      "A person of the authority and the operator's owner each sign once; the second makes it signed.",
  })
  @ApiParam(ID)
  @ApiCreatedResponse(AFTER)
  sign(@Param('id', UuidParam) id: string, @Body() body: SignContractDto): Promise<ContractDto> {
    return this.lifecycle.sign(id, body);
  }

  @Post(':id/activate')
  @HttpCode(200)
  @Access('contracts:activate')
  @ApiOperation({
    summary: 'Put a signed contract into force, from its first day on; it also happens by itself',
  })
  @ApiParam(ID)
  @ApiOkResponse(AFTER)
  activate(@Param('id', UuidParam) id: string): Promise<ContractDto> {
    return this.lifecycle.activate(id);
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @Access('contracts:suspend')
  @ApiOperation({ summary: 'Suspend it: no new bookings at its sites, which it goes on holding' })
  @ApiParam(ID)
  @ApiOkResponse(AFTER)
  suspend(@Param('id', UuidParam) id: string, @Body() body: SuspendContractDto): Promise<ContractDto> {
    return this.lifecycle.suspend(id, body.reason);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Access('contracts:suspend')
  @ApiOperation({ summary: 'Put a suspended contract back into force' })
  @ApiParam(ID)
  @ApiOkResponse(AFTER)
  resume(@Param('id', UuidParam) id: string): Promise<ContractDto> {
    return this.lifecycle.resume(id);
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @Access('contracts:terminate')
  @ApiOperation({ summary: 'End it on a day from today on; a draft is called off at once' })
  @ApiParam(ID)
  @ApiOkResponse(AFTER)
  terminate(@Param('id', UuidParam) id: string, @Body() body: TerminateContractDto): Promise<ContractDto> {
    return this.lifecycle.terminate(id, body);
  }
}
