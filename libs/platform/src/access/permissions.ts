import { type Actor, ROLES, type Role } from '../context/actor';

/*
 * Who may do what: one row per permission, one letter per role. A new operation adds its row here.
 *
 *   A administrator · O owner · P portfolio_manager · S site_manager · C caregiver · F finance · U auditor
 *   G authority (government) · M funder (money) · E front_end · X the system (gateway to service, /internal only)
 *
 * A permission opens the operation; which rows are seen is decided by tenant, region prefix and sites.
 * docs/ACCESS.md and the tenancy test matrix are made from this table.
 */
const LETTERS: Record<string, Role | 'system'> = {
  A: 'administrator',
  O: 'owner',
  P: 'portfolio_manager',
  S: 'site_manager',
  C: 'caregiver',
  F: 'finance',
  U: 'auditor',
  G: 'authority',
  M: 'funder',
  E: 'front_end',
  X: 'system',
};

// prettier-ignore
const TABLE = {
  // operators
  'organisations:create':    ['AO        ', 'register an operator, authority or funder; owners their branches'],
  'organisations:read':      ['AOPSCFUGME', 'see organisations'],
  'organisations:update':    ['AO        ', "change an organisation's own data"],
  'bank-accounts:write':     ['AO     GM ', "enter and close the own organisation's bank accounts"],
  'bank-accounts:read':      ['AO   FUGM ', "see the own organisation's bank accounts"],
  'people:create':           ['AO     GM ', 'open an account for a colleague'],
  'people:read':             ['AO    UGM ', 'see accounts'],
  'people:update':           ['AO     GM ', "change a colleague's roles and sites"],
  'people:disable':          ['AO     GM ', "close a colleague's account"],
  'account:read':            ['AOPSCFUGME', 'see the own account'],
  'account:password':        ['AOPSCFUGM ', 'change the own password'],
  'api-clients:create':      ['AO        ', 'issue an API key to a front-end'],
  'api-clients:read':        ['AO    U   ', 'see API clients, never their keys'],
  'api-clients:revoke':      ['AO        ', 'revoke an API key'],
  'contracts:create':        ['AO     G  ', 'draft an operating contract'],
  'contracts:read':          ['AOPS FUGM ', 'see operating contracts and the sites under them'],
  'contracts:amend':         ['AOP    G  ', 'bring sites and services under a contract'],
  'contracts:sign':          [' O     G  ', 'sign for the own organisation'],
  'contracts:activate':      ['AO     G  ', 'put a signed contract into force'],
  'contracts:suspend':       ['A      G  ', 'suspend and resume a contract'],
  'contracts:terminate':     ['AO     G  ', 'terminate a contract'],
  'staff:write':             [' OPS      ', 'enter staff and skills'],
  'staff:read':              ['AOPSC UG  ', 'see staff'],
  'licences:write':          ['AOPS      ', 'enter, renew and revoke licences of sites'],
  'licences:read':           ['AOPS  UG  ', 'see licences, what they block and whom that touches'],
  'licence-requirements:write': ['A      G  ', 'say which kind of service needs which licence'],
  'licence-requirements:read': ['AOPSC UG  ', 'see which kind of service needs which licence'],
  'skill-requirements:write': ['A      G  ', 'say which skill needs which certificate'],
  'skill-requirements:read': ['AOPSC UG  ', 'see which skill needs which certificate'],
  'rosters:write':           [' OPS      ', 'plan shifts, weekly patterns and absences'],
  'rosters:read':            ['AOPSC UG  ', 'see shifts, and where staff are too few'],
  'staff-ratios:write':      ['A      G  ', 'say how many children one member of staff may mind'],
  'staff-ratios:read':       ['AOPSC UG  ', 'see how many children one member of staff may mind'],
  'checklists:write':        ['A      G  ', 'set what inspections look at'],
  'checklists:read':         ['AOPSC UG  ', 'see what inspections look at'],
  'inspections:write':       ['AOPS   G  ', 'plan and carry out inspections; an operator: of its own sites'],
  'inspections:read':        ['AOPS  UG  ', 'see inspections, findings, what they suspend and whom that touches'],
  'findings:rectify':        [' OPS      ', 'say that a finding is put right, with evidence'],
  'findings:judge':          ['AOP    G  ', 'inspect a finding again, or take it back; only who raised it'],
  'ratings:write':           ['A      G  ', "set sites' stars and the rules for them"],
  'ratings:read':            ['AOPSCFUGME', "see sites' stars and the rules for them"],
  'complaints:create':       [' OPSC  G E', 'enter a complaint, or open it again'],
  'complaints:write':        [' OPS      ', 'assign, answer and close complaints'],
  'complaints:read':         ['AOPS  UG  ', 'see complaints'],
  'satisfaction:create':     [' OPSC    E', 'rate a delivered booking'],
  'satisfaction:read':       ['AOPS FUG  ', "see sites' satisfaction and complaint figures"],
  'portfolio:read':          ['AOPS FUG  ', 'see figures of sites: capacity, bookings, revenue; an authority of its region'],
  'portfolio:margins':       ['AOPS FU   ', 'see costs and contribution margins'],
  'costs:write':             [' OPS F    ', 'enter and import costs of sites'],
  'costs:take-rent':         [' O   F    ', 'take the rent of contracts over into what premises cost'],
  'costs:read':              ['AOPS FU   ', 'see costs of sites'],
  'audit:read':              ['AO    UGM ', 'see who changed what in the own organisation'],
  // facilities
  'regions:import':          ['A         ', 'import statistics regions'],
  'regions:read':            ['AOPSCFUGME', 'see regions'],
  'kinds:write':             ['A      G  ', "add or change a kind of service; an authority its region's own"],
  'kinds:read':              ['AOPSCFUGME', 'see the kinds of service'],
  'sites:create':            ['AOP    G  ', 'enter a site'],
  'sites:read':              ['AOPSCFUGME', 'see sites'],
  'sites:update':            ['AOPS   G  ', 'change a site and its opening hours'],
  'projects:write':          ['AOP    G  ', 'enter what building a site costs and who pays for it'],
  'projects:read':           ['AOPS FUGM ', 'see what building a site costs and who pays for it'],
  'spaces:write':            ['AOPS      ', 'enter rooms, courts, kitchens'],
  'spaces:read':             ['AOPSC UG E', 'see rooms, courts, kitchens'],
  'offerings:write':         ['AOPS      ', 'enter what a site offers'],
  'offerings:read':          ['AOPSCFUGME', 'see what a site offers'],
  'nearby:read':             ['AOPSCFUGME', 'search around a point'],
  'guidelines:write':        ['A      G  ', "set a region's guideline figures from a day on"],
  'guidelines:read':         ['AOPSCFUGME', 'see guideline figures'],
  'coverage:read':           ['AOP  FUGM ', 'see who lives within a walk of what, and where to build next'],
  // bookings
  'households:create':       [' OPSC    E', 'register a household'],
  'households:read':         ['AOPSC U  E', 'see households, masked'],
  'residents:create':        [' OPSC    E', 'register a resident with consents'],
  'residents:read':          ['AOPSCFU  E', 'see residents, masked'],
  'residents:read-full':     [' OPSC     ', 'see a resident unmasked; each view is logged'],
  'residents:update':        [' OPSC    E', "change a resident's data and consents"],
  'residents:export':        [' O        ', 'export all that is held about a resident; logged'],
  'residents:erase':         [' O        ', "destroy a resident's key; logged"],
  'residents:access-log':    ['AO    U   ', 'see who saw a resident unmasked'],
  'residents:merge':         [' OP       ', 'see who may be registered twice, and make two records one; logged'],
  'carers:grant':            [' OPSC    E', 'entitle somebody to book for a resident, and withdraw it'],
  'carers:act':              ['         E', 'book and cancel for residents as the carer whom a front-end speaks for'],
  'availability:read':       ['AOPSCFU  E', 'see what can be booked'],
  'bookings:create':         [' OPSC    E', 'book'],
  'bookings:read':           ['AOPSCFUG E', 'see bookings'],
  'bookings:cancel':         [' OPSC    E', 'cancel a booking'],
  'bookings:attend':         [' OPSC     ', 'record attendance and no-shows'],
  'visits:check':            [' OPSC    E', 'check a visit in and out'],
  'visits:read':             ['AOPSCFU   ', 'see visits'],
  'visits:show-code':        [' O       E', "show a client's code as a QR code"],
  'visits:assign':           [' OPS      ', "choose who goes on a visit"],
  'visits:review':           [' OPS      ', 'decide on visits that look odd; never on those of their own'],
  'care-grants:write':       ['A      G  ', 'set what a place grants to care levels'],
  'care-grants:read':        ['AOPSCFUG E', 'see what places grant to care levels'],
  'care-plans:write':        [' OPS      ', 'propose, book and end care plans'],
  'care-plans:read':         ['AOPSC U   ', 'see care plans'],
  'visit-rules:write':       ['A      G  ', 'set what a place asks of visits'],
  'visit-rules:read':        ['AOPSCFUG E', 'see what places ask of visits'],
  'kitchens:write':          [' OPS      ', 'set up kitchens, their portions, dishes and menus'],
  'kitchens:read':           ['AOPSC U   ', 'see kitchens and what to cook'],
  'menus:read':              ['AOPSCFU  E', 'see dishes and menus'],
  'meals:choose':            [' OPSC    E', 'choose dishes, note what a resident does not bear'],
  'meals:deliver':           [' OPSC     ', 'see delivery rounds with names and addresses; logged'],
  'standing-orders:write':   [' OPSC    E', 'set up, pause and end standing orders'],
  'standing-orders:read':    ['AOPSC U  E', 'see standing orders'],
  'sessions:read':           ['AOPSCFUG E', 'see sessions and roster counts'],
  'cancellation-rules:write': ['A      G  ', 'set what late cancellations and no-shows cost, from a day on'],
  'cancellation-rules:read': ['AOPSCFUGME', 'see what late cancellations and no-shows cost'],
  'closures:write':          [' OPS      ', 'close sessions for a time and cancel what was booked'],
  'closures:read':           ['AOPSC U  E', 'see closures'],
  'childcare-standards:write': ['A      G  ', "set a city's classes, ratios and door rules of childcare"],
  'childcare-standards:read': ['AOPSC UG E', 'see classes, ratios and door rules of childcare'],
  'care-groups:write':       [' OPS      ', 'open, size and close groups of childcare'],
  'care-groups:read':        ['AOPSCFUG E', 'see groups of childcare and what is left in them'],
  'placements:apply':        [' OPSC    E', "apply for a child's place, answer an offer, reserve days, tell absences"],
  'placements:write':        [' OPS      ', "offer, change and end children's places"],
  'placements:read':         ['AOPSCFU  E', "see applications, children's places and their days"],
  'care-attendance:record':  [' OPSC     ', 'check children in and out, with a look at their health'],
  'care-attendance:correct': [' OPS      ', 'correct what was recorded of a day'],
  'care-attendance:read':    ['AOPSCFU   ', 'see rosters and attendance sheets'],
  'care-attendance:close':   [' OPS F    ', 'close a month of attendance'],
  'calendars:write':         [' OPSC    E', 'give out and revoke links to calendar feeds'],
  // billing
  'prices:write':            [' OP  F    ', 'set prices'],
  'prices:read':             ['AOPSCFUGME', 'see prices'],
  'programmes:write':        ['AO     GM ', 'set up a subsidy programme; an operator: its own concessions'],
  'programmes:read':         ['AOPSCFUGME', 'see subsidy programmes'],
  'budgets:write':           ['AO     GM ', "set the budgets of one's own programmes"],
  'budgets:read':            ['AOP  FUGM ', 'see budgets, reserved and spent'],
  'quotes:create':           [' OPSCF   E', 'ask who would pay what'],
  'charges:read':            ['AOPS FU  E', 'see charges with their lines'],
  're-ratings:write':        [' O   F    ', 'preview and apply what past charges should have been'],
  're-ratings:read':         ['AO   FU   ', 'see such previews and what became of them'],
  'payments:create':         [' OPS F   E', 'record a payment'],
  'payments:refund':         [' OP  F   E', 'record a refund'],
  'payments:correct':        [' O   F    ', 'void a payment or refund that was recorded wrongly, or record it as it was'],
  'payments:approve':        [' O   F    ', 'approve or reject a void above the limit that a colleague proposed'],
  'payments:read':           ['AOPS FU  E', 'see payments'],
  'prepaid-rules:write':     [' O   F    ', 'set what prepaid cards may hold'],
  'prepaid-cards:write':     [' OP  F   E', 'issue, top up, use, extend and close prepaid cards'],
  'prepaid-cards:refund':    [' OP  F   E', 'give back what is on a prepaid card'],
  'prepaid-cards:read':      ['AOP  FU  E', 'see prepaid cards, their statements and rules'],
  'package-offers:write':    [' OP  F    ', 'offer packages of uses'],
  'package-offers:read':     ['AOPSCFU  E', 'see packages on sale'],
  'packages:sell':           [' OP  F   E', 'sell packages, and choose whether bookings use them'],
  'packages:refund':         [' OP  F   E', 'give back what was not used of a package'],
  'packages:read':           ['AOP  FU  E', 'see packages, their uses and statements'],
  'deposits:take':           [' OP  F   E', 'take deposits'],
  'deposits:settle':         [' OP  F    ', 'return deposits, and set them off against what is owed'],
  'deposits:read':           ['AOP  FU  E', 'see deposits and their statements'],
  'ledger:read':             ['AO   FU   ', 'see ledger entries and the trial balance'],
  'settlement-files:upload': [' O   F    ', "upload a payment channel's file"],
  'settlement-files:read':   ['AO   FU   ', 'see settlement files and their lines'],
  'reconciliations:create':  [' O   F    ', 'match a settlement file'],
  'reconciliations:read':    ['AO   FU   ', 'see reconciliations'],
  'statement-accounts:write':[' O   F    ', 'enter accounts whose statements come in'],
  'statement-accounts:read': ['AO   FU   ', 'see accounts whose statements come in'],
  'statements:upload':       [' O   F    ', 'upload statements of banks, channels and funders'],
  'statements:read':         ['AO   FU   ', 'see statements and their lines'],
  'matches:run':             [' O   F    ', 'match statements with what is expected, and decide suggestions'],
  'matches:read':            ['AO   FU   ', 'see matches, suggestions and what is expected'],
  'reconciliation-terms:write':[' O        ', 'set limits of write-offs, tolerance and four eyes'],
  'reconciliation-terms:read':['AO   FU   ', 'see limits of write-offs, tolerance and four eyes'],
  'exceptions:read':         ['AO   FU   ', 'see reconciliation exceptions'],
  'exceptions:resolve':      [' O   F    ', 'resolve a reconciliation exception'],
  'invoices:issue':          [' OP  F    ', "draw up and issue residents' invoices"],
  'invoices:void':           [' O   F    ', 'void an invoice, or credit part of it'],
  'invoices:read':           ['AOPS FU  E', "see residents' invoices, statements and receipts"],
  'invoices:print':          [' OPS F   E', 'take an invoice along, with the name that the caller gives'],
  'fapiao:write':            [' O   F    ', 'ask for a fapiao and enter what the tax platform answered'],
  'fapiao:read':             ['AO   FU   ', 'see fapiao data'],
  'dunning:write':           [' O   F    ', 'set the steps in which unpaid invoices are reminded of'],
  'dunning:read':            ['AOP  FU   ', 'see those steps and what was reminded of'],
  'exceptions:approve':      [' O   F    ', 'approve how a colleague closes a difference above the limit'],
  'claims:create':           [' O   F    ', "draw up a funder's claim"],
  'claims:submit':           [' O   F    ', "submit a funder's claim"],
  'claims:read':             ['AO   FUGM ', 'see claims and their lines'],
  'claims:answer':           ['AO   F  M ', "enter a funder's answer to a claim"],
  'claims:write-off':        [' O   F    ', 'ask to give up what a funder has cut'],
  'claims:approve-write-off': [' O        ', 'approve that, as another person'],
  'remittances:create':      [' O   F    ', "record a funder's remittance and what it pays"],
  'remittances:read':        ['AO   FUGM ', 'see remittances and what they pay'],
  'remittances:cancel':      [' O   F    ', 'cancel a remittance that was recorded wrongly, or take back what it paid'],
  'periods:read':            ['AO   FU   ', 'see which months are closed'],
  'periods:close':           [' O   F    ', 'close a month of the ledger'],
  'periods:reopen':          [' O        ', 'reopen a closed month; asked for and approved by two people'],
  'contract-settlements:draw': [' O   F    ', "preview, draw and withdraw settlements of a contract's own money"],
  'contract-settlements:agree': [' O   F    ', 'agree to such a settlement, as another account'],
  'contract-settlements:read': ['AO   FUG  ', 'see such settlements; an authority: of contracts that it is party to'],
  'reports:read':            ['AOP  FUGM ', 'see reports'],
  // notifications
  'deliveries:read':         ['AOPS  U   ', 'see what was sent, without contact data'],
  'templates:write':         ['AO        ', 'change message templates'],
  'templates:read':          ['AOPS  U   ', 'see message templates'],
  'preferences:write':       [' OPSC    E', "set a resident's message preferences"],
  'preferences:read':        ['AOPSC U  E', "see a resident's message preferences"],
  'webhooks:write':          ['AO       E', 'register and remove webhook endpoints'],
  'webhooks:read':           ['AO    U  E', 'see webhook endpoints'],
  // between gateway and services
  'internal:call':           ['          X', 'sessions, API keys and logins, asked by the gateway'],
} as const;

export type Permission = keyof typeof TABLE;

export interface PermissionRow {
  permission: Permission;
  roles: Role[];
  /** Open to the system actor (the gateway's own calls). */
  system: boolean;
  description: string;
}

/** The table, ready to read: one row per permission in the order above. */
export const PERMISSIONS: readonly PermissionRow[] = Object.entries(TABLE).map(
  ([permission, [marks, description]]) => {
    const granted = [...marks].filter((mark) => mark !== ' ').map((mark) => LETTERS[mark]);
    return {
      permission: permission as Permission,
      roles: ROLES.filter((role) => granted.includes(role)),
      system: granted.includes('system'),
      description,
    };
  },
);

const ROWS = new Map(PERMISSIONS.map((row) => [row.permission, row]));

/** Whether the permission table opens an operation to somebody. */
export function mayDo(actor: Actor, permission: Permission): boolean {
  const row = ROWS.get(permission);
  if (!row) return false;
  if (actor.kind === 'system') return row.system;
  return actor.roles.some((role) => row.roles.includes(role)) && inScope(actor.scopes, permission);
}

/** Whether the actor's roles open it, and what keeps it shut is that this log-in or key is for less than they allow. */
export function outOfScope(actor: Actor, permission: Permission): boolean {
  return !mayDo(actor, permission) && mayDo({ ...actor, scopes: undefined }, permission);
}

function inScope(scopes: string[] | undefined, permission: Permission): boolean {
  if (!scopes) return true;
  return scopes.some((scope) => scope === permission || scope === `${permission.split(':')[0]}:*`);
}
