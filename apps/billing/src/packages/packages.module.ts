import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { PaymentsModule } from '../payments/payments.module';
import { PackageOffersService } from './package-offers.service';
import { PackagesController } from './packages.controller';
import { PackagesService } from './packages.service';

@Module({
  imports: [KnownModule, PaymentsModule],
  controllers: [PackagesController],
  providers: [PackagesService, PackageOffersService],
})
export class PackagesModule {}
