import { Global, Module } from '@nestjs/common';
import { KnownSites } from './known-sites.service';
import { OfferingsConsumer } from './offerings.consumer';
import { SitesConsumer } from './sites.consumer';

/** What this service knows of sites: people, staff and contracts name them. */
@Global()
@Module({ controllers: [SitesConsumer, OfferingsConsumer], providers: [KnownSites], exports: [KnownSites] })
export class SitesModule {}
