import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DayParam } from '../day.pipe';
import {
  ChangeKitchenDto,
  CreateKitchenDto,
  KitchenDaysQuery,
  KitchenDayDto,
  KitchenDaysDto,
  KitchenDto,
  KitchensQuery,
  SetKitchenDayDto,
} from './kitchens.dto';
import { Kitchens } from './kitchens.service';
import {
  ChangeDishDto,
  CreateDishDto,
  DishDto,
  MenuDto,
  MenusDto,
  MenusQuery,
  PutMenuDto,
} from './menus.dto';
import { Menus } from './menus.service';

const ID = { name: 'id', description: 'The kitchen.', format: 'uuid' };
const SITE = { name: 'siteId', description: 'The site.', format: 'uuid' };
const DAY = { name: 'day', description: 'The day.', format: 'date', example: '2026-11-02' };

@ApiTags('meals')
@Controller('v1')
export class KitchensController {
  constructor(
    private readonly kitchens: Kitchens,
    private readonly menus: Menus,
  ) {}

  @Post('kitchens')
  @Access('kitchens:write')
  @ApiOperation({ summary: 'Enter a kitchen: portions a day, shared by all that it cooks for' })
  @ApiCreatedResponse({ type: KitchenDto, description: 'Entered.' })
  create(@Body() body: CreateKitchenDto): Promise<KitchenDto> {
    return this.kitchens.create(body);
  }

  @Get('kitchens')
  @Access('kitchens:read')
  @ApiOperation({ summary: 'List kitchens' })
  @ApiPage(KitchenDto, 'Kitchens in the order of their entry.')
  list(@Query() query: KitchensQuery): Promise<Page<KitchenDto>> {
    return this.kitchens.list(query);
  }

  @Get('kitchens/:id')
  @Access('kitchens:read')
  @ApiOperation({ summary: 'See one kitchen' })
  @ApiParam(ID)
  @ApiOkResponse({ type: KitchenDto, description: 'The kitchen.' })
  find(@Param('id', UuidParam) id: string): Promise<KitchenDto> {
    return this.kitchens.find(id);
  }

  @Patch('kitchens/:id')
  @Access('kitchens:write')
  @ApiOperation({ summary: 'Change a kitchen' })
  @ApiParam(ID)
  @ApiOkResponse({ type: KitchenDto, description: 'The kitchen as it is now.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeKitchenDto): Promise<KitchenDto> {
    return this.kitchens.change(id, body);
  }

  @Get('kitchens/:id/days')
  @Access('kitchens:read')
  @ApiOperation({ summary: 'See how many portions are ordered and left, day by day' })
  @ApiParam(ID)
  @ApiOkResponse({ type: KitchenDaysDto, description: 'Every day of the span.' })
  async days(@Param('id', UuidParam) id: string, @Query() query: KitchenDaysQuery): Promise<KitchenDaysDto> {
    return { items: await this.kitchens.days(id, query.from, query.to) };
  }

  @Put('kitchens/:id/days/:day')
  @Access('kitchens:write')
  @ApiOperation({ summary: 'Say how many portions there are on one day' })
  @ApiParam(ID)
  @ApiParam(DAY)
  @ApiOkResponse({ type: KitchenDayDto, description: 'The day.' })
  setDay(
    @Param('id', UuidParam) id: string,
    @Param('day', DayParam) day: string,
    @Body() body: SetKitchenDayDto,
  ): Promise<KitchenDayDto> {
    return this.kitchens.setDay(id, day, body.portions);
  }

  @Post('dishes')
  @Access('kitchens:write')
  @ApiOperation({ summary: 'Enter a dish with its allergens, diets and texture' })
  @ApiCreatedResponse({ type: DishDto, description: 'Entered.' })
  createDish(@Body() body: CreateDishDto): Promise<DishDto> {
    return this.menus.create(body);
  }

  @Get('dishes')
  @Access('menus:read')
  @ApiOperation({ summary: 'List dishes' })
  @ApiPage(DishDto, 'Dishes in the order of their entry.')
  dishes(@Query() query: PageQuery): Promise<Page<DishDto>> {
    return this.menus.list(query);
  }

  @Patch('dishes/:id')
  @Access('kitchens:write')
  @ApiOperation({ summary: 'Change a dish' })
  @ApiParam({ name: 'id', description: 'The dish.', format: 'uuid' })
  @ApiOkResponse({ type: DishDto, description: 'The dish as it is now.' })
  changeDish(@Param('id', UuidParam) id: string, @Body() body: ChangeDishDto): Promise<DishDto> {
    return this.menus.change(id, body);
  }

  @Get('menus')
  @Access('menus:read')
  @ApiOperation({ summary: "See a site's menus of some days" })
  @ApiOkResponse({ type: MenusDto, description: 'Days that have a menu.' })
  async menusOf(@Query() { siteId, from, to }: MenusQuery): Promise<MenusDto> {
    return { items: await this.menus.span(siteId, from, to) };
  }

  @Get('menus/:siteId/:day')
  @Access('menus:read')
  @ApiOperation({ summary: "See a site's menu of one day" })
  @ApiParam(SITE)
  @ApiParam(DAY)
  @ApiOkResponse({ type: MenuDto, description: 'Its dishes; none where there is no menu.' })
  menu(@Param('siteId', UuidParam) siteId: string, @Param('day', DayParam) day: string): Promise<MenuDto> {
    return this.menus.find(siteId, day);
  }

  @Put('menus/:siteId/:day')
  @Access('kitchens:write')
  @ApiOperation({ summary: "Set a site's menu of one day" })
  @ApiParam(SITE)
  @ApiParam(DAY)
  @ApiOkResponse({ type: MenuDto, description: 'The menu.' })
  put(
    @Param('siteId', UuidParam) siteId: string,
    @Param('day', DayParam) day: string,
    @Body() body: PutMenuDto,
  ): Promise<MenuDto> {
    return this.menus.put(siteId, day, body.dishIds);
  }
}
