import { Global, Module } from '@nestjs/common';
import { KnownSites } from './known-sites.service';
import { SitesConsumer } from './sites.consumer';

/** What this service knows of sites: people, staff and contracts name them. */
@Global()
@Module({ controllers: [SitesConsumer], providers: [KnownSites], exports: [KnownSites] })
export class SitesModule {}
