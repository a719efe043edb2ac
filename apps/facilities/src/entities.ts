import { ServiceKindEntity } from './kinds/service-kind.entity';
import { OfferingEntity } from './offerings/offering.entity';
import { SiteProjectEntity } from './sites/project.entity';
import { SiteEntity, SiteMilestoneEntity } from './sites/site.entity';
import { SpaceClosureEntity } from './spaces/space-closure.entity';
import { SpaceEntity } from './spaces/space.entity';

export const entities = [
  ServiceKindEntity,
  SiteEntity,
  SiteMilestoneEntity,
  SiteProjectEntity,
  SpaceEntity,
  SpaceClosureEntity,
  OfferingEntity,
];
