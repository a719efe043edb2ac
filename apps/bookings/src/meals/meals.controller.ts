import { Body, Controller, Get, Param, Put, Query, type StreamableFile } from '@nestjs/common';
import { Access, ApiDownload, downloadTable, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Diets } from '../residents/diets.service';
import { KitchenDaysQuery } from './kitchens.dto';
import { ChooseMealDto, ChosenMealDto, DietKeptDto, MealCountsDto } from './meals.dto';
import { Meals } from './meals.service';
import { FoodDto } from './menus.dto';
import { RoundsDto, RoundsFileQuery, RoundsQuery, SheetDto, SheetFileQuery, SheetQuery } from './sheets.dto';
import { roundsTable, sheetTable } from './sheets.files';
import { Sheets } from './sheets.service';

const BOOKING = { name: 'id', description: 'The booking of the meal.', format: 'uuid' };
const RESIDENT = { name: 'id', description: 'The resident.', format: 'uuid' };
const KITCHEN = { name: 'id', description: 'The kitchen.', format: 'uuid' };

@ApiTags('meals')
@Controller('v1')
export class MealsController {
  constructor(
    private readonly meals: Meals,
    private readonly diets: Diets,
    private readonly sheets: Sheets,
  ) {}

  @Put('bookings/:id/meal')
  @Access('meals:choose')
  @ApiOperation({ summary: 'Choose dishes for a booked meal, and where it is brought; until orders end' })
  @ApiParam(BOOKING)
  @ApiOkResponse({ type: ChosenMealDto, description: 'Chosen.' })
  choose(@Param('id', UuidParam) id: string, @Body() body: ChooseMealDto): Promise<ChosenMealDto> {
    return this.meals.choose(id, body);
  }

  @Get('bookings/:id/meal')
  @Access('bookings:read')
  @ApiOperation({ summary: 'See what is chosen for a booked meal' })
  @ApiParam(BOOKING)
  @ApiOkResponse({ type: ChosenMealDto, description: 'What is chosen.' })
  find(@Param('id', UuidParam) id: string): Promise<ChosenMealDto> {
    return this.meals.find(id);
  }

  @Put('residents/:id/diet')
  @Access('meals:choose')
  @ApiOperation({
    summary: 'Note what a resident does not bear, keeps to, and can chew; under their own key',
  })
  @ApiParam(RESIDENT)
  @ApiOkResponse({ type: DietKeptDto, description: 'Kept; it is not shown again here.' })
  async putDiet(@Param('id', UuidParam) id: string, @Body() body: FoodDto): Promise<DietKeptDto> {
    await this.diets.put(id, body);
    return { residentId: id };
  }

  @Get('residents/:id/diet')
  @Access('residents:read-full')
  @ApiOperation({ summary: 'See what a resident does not bear; the view is logged' })
  @ApiParam(RESIDENT)
  @ApiOkResponse({ type: FoodDto, description: 'Nothing and regular, where nothing was noted.' })
  async diet(@Param('id', UuidParam) id: string): Promise<FoodDto> {
    const { allergens, diets, texture } = await this.diets.find(id);
    return { allergens: [...allergens], diets: [...diets], texture };
  }

  @Get('residents/:id/meals')
  @Access('bookings:read')
  @ApiOperation({ summary: 'Count the meals of a resident, day by day' })
  @ApiParam(RESIDENT)
  @ApiOkResponse({ type: MealCountsDto, description: 'Days with a meal.' })
  async count(
    @Param('id', UuidParam) id: string,
    @Query() { from, to }: KitchenDaysQuery,
  ): Promise<MealCountsDto> {
    return { items: await this.meals.count(id, from, to) };
  }

  @Get('kitchens/:id/sheet')
  @Access('kitchens:read')
  @ApiOperation({ summary: 'See what a kitchen cooks on a day: portions by sitting, dish, texture and diet' })
  @ApiParam(KITCHEN)
  @ApiOkResponse({ type: SheetDto, description: 'Every portion is on one line.' })
  sheet(@Param('id', UuidParam) id: string, @Query() { day }: SheetQuery): Promise<SheetDto> {
    return this.sheets.sheet(id, day);
  }

  @Get('kitchens/:id/sheet/file')
  @Access('kitchens:read')
  @ApiOperation({ summary: 'Fetch the kitchen sheet as CSV or XLSX' })
  @ApiParam(KITCHEN)
  @ApiDownload('The file.', 'csv', 'xlsx')
  async sheetFile(
    @Param('id', UuidParam) id: string,
    @Query() { day, format, language }: SheetFileQuery,
  ): Promise<StreamableFile> {
    const sheet = await this.sheets.sheet(id, day);
    return downloadTable(sheetTable(sheet, language), `kitchen-${day}`, format);
  }

  @Get('delivery-rounds')
  @Access('meals:deliver')
  @ApiOperation({
    summary: 'See the delivery rounds of a site and day, with names and addresses; each view is logged',
    description:
      'For each time of delivery: from the site to the nearest stop that is left, and so on; after stopsMax another round.',
  })
  @ApiOkResponse({ type: RoundsDto, description: 'Rounds with their stops in order.' })
  rounds(@Query() { siteId, day, stopsMax }: RoundsQuery): Promise<RoundsDto> {
    return this.sheets.rounds(siteId, day, stopsMax);
  }

  @Get('delivery-rounds/file')
  @Access('meals:deliver')
  @ApiOperation({ summary: 'Fetch the delivery rounds as CSV or XLSX; each view is logged' })
  @ApiDownload('The file.', 'csv', 'xlsx')
  async roundsFile(@Query() query: RoundsFileQuery): Promise<StreamableFile> {
    const { siteId, day, stopsMax, format, language } = query;
    const rounds = await this.sheets.rounds(siteId, day, stopsMax);
    return downloadTable(roundsTable(rounds, language), `rounds-${day}`, format);
  }
}
