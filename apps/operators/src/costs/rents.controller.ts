import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Access } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RentsTakenDto, TakeRentsDto } from './rents.dto';
import { RentsService } from './rents.service';

const DESCRIPTION = `Rent is due for each day on which a contract was in force or suspended, by its terms of that day; a whole month of one rent is exactly that.
It is divided over the sites that stood under the contract in the month, by floor space and days (by days alone where the floor space of one isn't known), so that the parts sum to the rent.
The parts are premises costs that name their contract (GET /v1/costs?contractId=…). What is entered by hand stands beside them and is left alone: enter there only what contracts don't say.
The same again changes nothing; when terms or standings have changed since, it writes the difference.`;

@ApiTags('costs')
@Controller('v1/costs/rents')
export class RentsController {
  constructor(private readonly rents: RentsService) {}

  @Post()
  @HttpCode(200)
  @Access('costs:take-rent')
  @ApiOperation({
    summary: "Take the rent of a month's contracts over into what premises cost",
    description: DESCRIPTION,
  })
  @ApiOkResponse({ type: RentsTakenDto, description: 'What was, or would be, written.' })
  take(@Body() body: TakeRentsDto): Promise<RentsTakenDto> {
    return this.rents.take(body);
  }
}
