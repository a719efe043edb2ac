import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, Upload, UploadStream, UuidParam, type Page } from '@doorstep/platform';
import {
  AnswerClaimDto,
  AnswerFileQuery,
  AnswerOutcomeDto,
  AskWriteOffDto,
  ObjectDto,
  WriteOffDto,
} from './answers.dto';
import { AnswersService } from './answers.service';
import { ClaimLineDto, WriteOffsQuery } from './claims.dto';
import { CutsService } from './cuts.service';

const FILE_BYTES_MAX = 20 * 1024 ** 2;

@ApiTags('claims')
@Controller('v1')
export class AnswersController {
  constructor(
    private readonly answers: AnswersService,
    private readonly cuts: CutsService,
  ) {}

  @Post('claims/:id/answer')
  @HttpCode(200)
  @Access('claims:answer')
  @ApiOperation({
    summary: "Enter a funder's answer to a claim",
    description: 'Line by line; an answer once given stands.',
  })
  @ApiOkResponse({ type: AnswerOutcomeDto, description: 'What the claim comes to now.' })
  answer(@Param('id', UuidParam) id: string, @Body() body: AnswerClaimDto): Promise<AnswerOutcomeDto> {
    return this.answers.answer(id, body);
  }

  @Post('claims/:id/answer-file')
  @HttpCode(200)
  @Access('claims:answer')
  @Upload({
    bytesMax: FILE_BYTES_MAX,
    description: 'CSV in UTF-8 with the headings lineId, outcome, acceptedYuan, code, reason.',
    types: ['text/csv', 'application/octet-stream'],
  })
  @ApiOperation({
    summary: "Enter a funder's answer as a file",
    description: 'Taken over whole, or refused whole with the faulty lines.',
  })
  @ApiOkResponse({ type: AnswerOutcomeDto, description: 'What the claim comes to now.' })
  answerFile(
    @Param('id', UuidParam) id: string,
    @UploadStream() file: Readable,
    @Query() query: AnswerFileQuery,
  ): Promise<AnswerOutcomeDto> {
    return this.answers.answerByFile(id, file, query.acceptRest === 'true');
  }

  @Post('claim-lines/:id/object')
  @HttpCode(200)
  @Access('claims:submit')
  @ApiOperation({
    summary: 'Object to a cut',
    description: 'The next claim of the contract asks for it again, with the reply.',
  })
  @ApiOkResponse({ type: ClaimLineDto, description: 'The line.' })
  object(@Param('id', UuidParam) id: string, @Body() body: ObjectDto): Promise<ClaimLineDto> {
    return this.cuts.object(id, body.reply);
  }

  @Post('claim-lines/:id/write-off')
  @Access('claims:write-off')
  @ApiOperation({ summary: 'Ask to give up what was cut', description: 'A second person decides.' })
  @ApiCreatedResponse({ type: WriteOffDto, description: 'The request.' })
  askWriteOff(@Param('id', UuidParam) id: string, @Body() body: AskWriteOffDto): Promise<WriteOffDto> {
    return this.cuts.askWriteOff(id, body.reason);
  }

  @Get('claim-write-offs')
  @Access('claims:read')
  @ApiOperation({ summary: 'List what was asked to be given up' })
  @ApiPage(WriteOffDto)
  writeOffs(@Query() query: WriteOffsQuery): Promise<Page<WriteOffDto>> {
    return this.cuts.writeOffs(query);
  }

  @Post('claim-write-offs/:id/approve')
  @HttpCode(200)
  @Access('claims:approve-write-off')
  @ApiOperation({ summary: 'Give up what was cut', description: 'Never by the one who asked.' })
  @ApiOkResponse({ type: WriteOffDto, description: 'Approved; the ledger has it as an expense.' })
  approve(@Param('id', UuidParam) id: string): Promise<WriteOffDto> {
    return this.cuts.approve(id);
  }

  @Post('claim-write-offs/:id/refuse')
  @HttpCode(200)
  @Access('claims:approve-write-off')
  @ApiOperation({ summary: 'Refuse to give it up', description: 'Never by the one who asked.' })
  @ApiOkResponse({ type: WriteOffDto, description: 'Refused; it can be objected to.' })
  refuse(@Param('id', UuidParam) id: string): Promise<WriteOffDto> {
    return this.cuts.refuse(id);
  }
}
