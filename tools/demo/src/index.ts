export { loadArea, type Area, type RegionRow } from './city';
export { FrontEnd, inParallel, Refused, type Answer } from './front-end';
export {
  creditCodeOf,
  makePlan,
  type Demand,
  type OfferingPlan,
  type Plan,
  type ResidentPlan,
  type SitePlan,
} from './plan';
export { Progress, say, type Bar } from './progress';
export { Random } from './random';
export { DayClock } from './rehearsal-clock';
export { setUp, type OpenSite, type Resident, type Scene } from './setup';
