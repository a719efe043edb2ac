import { ServiceKindEntity } from './kinds/service-kind.entity';
import { OfferingEntity } from './offerings/offering.entity';
import { SiteEntity, SiteMilestoneEntity } from './sites/site.entity';
import { SpaceClosureEntity } from './spaces/space-closure.entity';
import { SpaceEntity } from './spaces/space.entity';

export const entities = [
  ServiceKindEntity,
  SiteEntity,
  SiteMilestoneEntity,
  SpaceEntity,
  SpaceClosureEntity,
  OfferingEntity,
];
