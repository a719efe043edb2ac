import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { HeldMonthQuery } from '../payments/held-money.dto';
import { PackageOffersService } from './package-offers.service';
import {
  ChooseUseDto,
  EndPackageOfferDto,
  OfferPackageDto,
  PackageDetailDto,
  PackageDto,
  PackageOfferDto,
  PackageOffersQuery,
  PackagesQuery,
  PackageStatementDto,
  RefundPackageDto,
  SellPackageDto,
} from './packages.dto';
import { PackagesService } from './packages.service';

@ApiTags('packages')
@Controller('v1')
export class PackagesController {
  constructor(
    private readonly packages: PackagesService,
    private readonly offers: PackageOffersService,
  ) {}

  @Post('package-offers')
  @Access('package-offers:write')
  @ApiOperation({
    summary: 'Offer a package: a number of uses of a kind, bought at once',
    description:
      "Each use costs its part of the price; the parts sum to it by largest remainder, and none is above the contract's ceiling.",
  })
  @ApiCreatedResponse({ type: PackageOfferDto, description: 'What is sold.' })
  offer(@Body() body: OfferPackageDto): Promise<PackageOfferDto> {
    return this.offers.offer(body);
  }

  @Get('package-offers')
  @Access('package-offers:read')
  @ApiOperation({ summary: 'List packages on sale', description: 'Oldest first.' })
  @ApiPage(PackageOfferDto)
  listOffers(@Query() query: PackageOffersQuery): Promise<Page<PackageOfferDto>> {
    return this.offers.list(query);
  }

  @Get('package-offers/:id')
  @Access('package-offers:read')
  @ApiOperation({ summary: 'See a package on sale' })
  @ApiOkResponse({ type: PackageOfferDto, description: 'What is sold.' })
  findOffer(@Param('id', UuidParam) id: string): Promise<PackageOfferDto> {
    return this.offers.find(id);
  }

  @Post('package-offers/:id/end')
  @HttpCode(200)
  @Access('package-offers:write')
  @ApiOperation({ summary: 'End the sale of a package', description: 'What was sold stays.' })
  @ApiOkResponse({ type: PackageOfferDto, description: 'What was sold until then.' })
  endOffer(@Param('id', UuidParam) id: string, @Body() { to }: EndPackageOfferDto): Promise<PackageOfferDto> {
    return this.offers.end(id, to);
  }

  @Post('packages')
  @Access('packages:sell')
  @ApiOperation({
    summary: 'Sell a package to a resident',
    description:
      'Its whole price was paid. Bookings of the resident alone that it is for take a use when they are held, of the package that ends first: their price is its part, which the resident has paid, and programmes are not asked. Its revenue is booked as uses are delivered.',
  })
  @ApiCreatedResponse({ type: PackageDetailDto, description: 'The package.' })
  sell(@Body() body: SellPackageDto): Promise<PackageDetailDto> {
    return this.packages.sell(body);
  }

  @Get('packages')
  @Access('packages:read')
  @ApiOperation({ summary: 'List packages', description: 'Oldest first.' })
  @ApiPage(PackageDto)
  list(@Query() query: PackagesQuery): Promise<Page<PackageDto>> {
    return this.packages.list(query);
  }

  @Get('packages/:id')
  @Access('packages:read')
  @ApiOperation({ summary: 'See a package with its uses' })
  @ApiOkResponse({ type: PackageDetailDto, description: 'The package.' })
  find(@Param('id', UuidParam) id: string): Promise<PackageDetailDto> {
    return this.packages.find(id);
  }

  @Post('packages/:id/auto-use')
  @HttpCode(200)
  @Access('packages:sell')
  @ApiOperation({
    summary: 'Choose whether bookings take uses of a package',
    description: 'For bookings to come; what was taken stays taken.',
  })
  @ApiOkResponse({ type: PackageDetailDto, description: 'The package.' })
  choose(@Param('id', UuidParam) id: string, @Body() { autoUse }: ChooseUseDto): Promise<PackageDetailDto> {
    return this.packages.choose(id, autoUse);
  }

  @Post('packages/:id/refunds')
  @Access('packages:refund')
  @ApiOperation({
    summary: 'Give back what was not used of a package',
    description:
      'The parts of all uses that no booking has taken, whole, also after it has expired; the package ends. Bookings that have taken a use keep it; what comes back when one falls can be given back once more.',
  })
  @ApiCreatedResponse({ type: PackageDetailDto, description: 'The package afterwards.' })
  refund(@Param('id', UuidParam) id: string, @Body() body: RefundPackageDto): Promise<PackageDetailDto> {
    return this.packages.refund(id, body);
  }

  @Get('packages/:id/statement')
  @Access('packages:read')
  @ApiOperation({
    summary: "See a package's statement of a month",
    description:
      'What of its price was not earned before, what was, what is not after: as the ledger has it.',
  })
  @ApiOkResponse({ type: PackageStatementDto, description: 'The statement.' })
  statement(
    @Param('id', UuidParam) id: string,
    @Query() { period }: HeldMonthQuery,
  ): Promise<PackageStatementDto> {
    return this.packages.statement(id, period);
  }
}
