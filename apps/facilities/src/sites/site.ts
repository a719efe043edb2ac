import { transitions } from '@doorstep/kernel';

/** A complex is a service centre of several functions; a point has one or two (国办函〔2023〕121号). */
export const SITE_FORMS = ['complex', 'point'] as const;
export type SiteForm = (typeof SITE_FORMS)[number];

/** Street centre or community point. */
export const SITE_TIERS = ['street', 'community'] as const;
export type SiteTier = (typeof SITE_TIERS)[number];

/**
 * How the space was found: 补改 supplement and alter inside the neighbourhood, 转型 convert idle stock, 划转 transfer idle
 * public rooms, 配建 build along with new housing.
 */
export const SPACE_SOURCES = ['supplement', 'convert', 'transfer', 'build_along'] as const;
export type SpaceSource = (typeof SPACE_SOURCES)[number];

/** A site that stands already is entered as operating; a project begins as planned. */
export const FIRST_STATUSES = ['planned', 'operating'] as const;
export type FirstStatus = (typeof FIRST_STATUSES)[number];

type Status =
  'planned' | 'approved' | 'building' | 'accepted' | 'handed_over' | 'operating' | 'suspended' | 'closed';

/** What happens to a site. Each is a milestone with its day. */
export const SITE_COMMANDS = [
  'approve',
  'build',
  'accept',
  'hand_over',
  'open',
  'suspend',
  'resume',
  'close',
] as const;
export type SiteCommand = (typeof SITE_COMMANDS)[number];

/** A room that needs no building work (an idle public room, say) is accepted right after approval. */
export const siteLife = transitions<Status, SiteCommand>('site', FIRST_STATUSES, {
  planned: { approve: 'approved', close: 'closed' },
  approved: { build: 'building', accept: 'accepted', close: 'closed' },
  building: { accept: 'accepted', close: 'closed' },
  accepted: { hand_over: 'handed_over', close: 'closed' },
  handed_over: { open: 'operating', close: 'closed' },
  operating: { suspend: 'suspended', close: 'closed' },
  suspended: { resume: 'operating', close: 'closed' },
  closed: {},
});
