/**
 * What the operations under a tag are about and who calls them: one sentence each, for whoever writes a front-end. The page at
 * /v1/docs shows them in this order: first what a front-end books with, then the desks and the money, in the end the chain.
 */
export const TAGS: Readonly<Record<string, string>> = {
  auth: 'Access and refresh tokens for people who log in; a front-end sends its API key instead.',
  'API clients': 'Keys of front-ends; a head office gives them out, each for its sites, and revokes them.',

  // Booking
  nearby: 'Sites within a walk of a place, with how far they are; where a front-end begins.',
  kinds: 'Kinds of service and the modes in which each is taken up; front-ends filter and name by them.',
  sites:
    'Places where services are given, with hours, milestones and costs of building; read by front-ends, kept by the head office.',
  offerings:
    'What a site offers, to whom and with how many places; read by front-ends, kept by the head office.',
  availability:
    'What can be booked when, and the reason where it can’t; a front-end asks before it shows a button.',
  sessions: 'Single occurrences of offerings with their places; for calendars of front-ends and desks.',
  quotes: 'What a booking would cost and who would pay which part, before anybody books.',
  bookings:
    'The core: book, confirm or give up a hold, reschedule, cancel, and record who came; front-ends and desks.',
  series: 'One booking that repeats, such as each Tuesday; front-ends book, move and cancel it as a whole.',
  'waiting lists':
    'Places in line for what is full; a front-end joins for a resident, and accepts or declines what comes free.',
  cancellations:
    'What cancelling now would cost, for front-ends, and the rules by which it does, kept by the operator.',
  residents:
    'Whom services are for: registered with consents, known by a pseudonym elsewhere; front-ends and desks.',
  households: 'Residents who live together and where they are registered; some programmes ask for it.',
  carers:
    'Who may book for a resident, given by the resident and withdrawn at any moment; front-ends of relatives act by it.',
  calendars: 'Links by which a calendar app subscribes to the bookings of a resident, a site or a caregiver.',
  preferences: 'How and when a resident wants to be told; a front-end sets it for the resident.',
  meals:
    'Kitchens, menus, choices and diets for meals that are booked, and for cooks and couriers what to cook and bring.',
  childcare: 'Groups, applications and places of children under three; front-ends apply, nurseries place.',
  'childcare attendance':
    'Who is in care today, who was and who was excused; nurseries keep it, and months are charged by it.',
  'care plans':
    'Weekly visits that a care grant gives a resident, made into bookings; coordinators and front-ends.',
  visits:
    'Visits at home from check-in to evidence and review; for the apps of caregivers and for who approves.',
  closures:
    'A site closed for a time, with what was booked called off; site managers look at a preview first.',

  // Money of residents
  prices:
    'What services cost from which day and at which hours; the operator sets it, front-ends show quotes instead.',
  programmes:
    'Who subsidises what for whom, with caps and budgets; funders and authorities keep them, quotes apply them.',
  charges:
    'What a booking came to and who pays which part, from hold to ledger; for receipts, desks and finance.',
  payments:
    'Money that residents paid, its refunds, and what was recorded wrongly; front-ends and desks record it.',
  'prepaid cards':
    'Stored money of a resident: top-ups, payments, refunds and statements; front-ends and desks.',
  packages: 'Numbers of services bought at once and used one by one; front-ends sell and show them.',
  deposits: 'Money of residents held against what may come to be owed; desks take, set off and return it.',
  'monthly fees': 'Children’s months with what absences take off the fee; nurseries and finance.',
  invoices:
    'What a resident is to pay of a month, with credit notes, receipts and statements; front-ends show them, finance issues.',
  papers:
    'Invoices, receipts, credit notes and statements as PDF, in Chinese or English, for front-ends and desks to hand out.',
  fapiao: 'Tax documents for invoices: finance asks for them, the operator’s tax platform answers.',
  dunning: 'Steps in which unpaid invoices are reminded of, and what was sent; the operator’s finance.',

  // Books
  claims:
    'What a funder is asked for, line by line with evidence, and what it answered; operators and funders.',
  remittances: 'What funders paid, laid to the lines that it pays; the operator’s finance.',
  'settlement files':
    'Bills of payment channels, uploaded as they came and read line by line; the operator’s finance.',
  reconciliations:
    'A channel’s bill against the payments that were recorded; finance starts it, exceptions are what it leaves.',
  statements:
    'Statements of banks and channels’ accounts, and the accounts that they are of; the operator’s finance.',
  matches:
    'What was expected on an account laid to the lines that brought it, by rules and by people; the operator’s finance.',
  exceptions:
    'Differences by name, each with an owner, until it is matched, explained or written off by two people; finance.',
  're-ratings':
    'Charges of the past as they should have been: a preview of each difference, then just those; finance.',
  ledger: 'Accounts, entries and the trial balance, to be checked and exported; finance and auditors.',
  periods: 'Months of a contract: what is left to do, closing, and reopening by two people; finance.',
  reports:
    'Ties between the books and tables of a month, as JSON or as files for people; finance, authorities and funders.',
  'contract settlements':
    'What authority and operator owe each other for a cycle, drawn up, agreed and printed; both parties.',

  // The chain
  organisations: 'Operators, authorities and funders with their bank accounts; administrators keep them.',
  people:
    'Who works with Doorstep and in which role, with log-in and password; head offices and administrators.',
  contracts:
    'Operating contracts with their sites, terms, amendments and handovers; authority and operator sign.',
  licences:
    'Papers without which a kind can’t be booked at a site, with renewals and reminders; the head office.',
  inspections:
    'Checklists, inspections and findings with deadlines; a severe one stops bookings until it is looked at again.',
  ratings: 'Stars of sites by a region’s rule or set by an authority; some programmes ask for them.',
  complaints:
    'Complaints with their deadlines, and stars that residents give to a service; front-ends enter both.',
  staff: 'Who works at which sites with which skills and certificates; the head office, and site managers.',
  rosters: 'Shifts, absences and where staff is too few for the children; site managers.',
  costs: 'What sites cost by month and class, entered or taken over from contracts; the head office.',
  portfolio:
    'What sites, kinds and payers came to, beside what contracts promise; head offices and authorities.',
  spaces: 'Rooms and courts of a site with when each is closed; the head office and site managers.',
  guidelines:
    'What an authority would like of sites in its region; entering a site answers with warnings by them.',
  regions: 'Region codes, what took their place, and who lives there; administrators and authorities.',
  coverage:
    'Who lives within a walk of which kind of service, and where to build next; authorities and head offices.',
  deliveries: 'Messages and webhooks that were sent or failed, without their words; the operator.',
  templates: 'Messages to residents with a sample of each; who wants to know what residents read.',
  'webhook endpoints':
    'Addresses that are called with signed events of bookings and money; front-ends and finance systems.',
  audit: 'Who changed what, of people and of programs; head offices and authorities.',
  internal: 'Between gateway and service alone: sessions, keys and identities; nobody else can call it.',
};
