import { inParallel } from '../front-end';
import { same } from '../checks';
import type { Check } from '../report';
import type { Chapter, Stage, Told } from './chapter';
import {
  at,
  book,
  type Booked,
  confirmed,
  every,
  nextDay,
  openOwnSite,
  type OwnSite,
  register,
  sessionsOf,
} from './own-site';
import { type PlayedVisit, VISITS } from './visits-plan';

/** Degrees of longitude of some 10 km: nobody cycles that in a minute. */
const FAR = 0.11;

interface Played extends PlayedVisit {
  booking: Booked;
  point: { lng: number; lat: number; crs: 'WGS84' };
}

interface Visit {
  bookingId: string;
  status: string;
  minutes: number;
  findings: { signal: string }[];
}

/** A day of visits at homes: a plan made of a care level, honest carers, and one fraud of each kind. */
export const visits: Chapter = {
  title: 'visits at home',
  async play(stage: Stage): Promise<Told> {
    const site = await openOwnSite(stage, {
      mark: `VISITS-${stage.scene.operatorId.slice(-6)}`,
      name: '居家照护站',
      services: [{ kind: 'elderly_care', priceFen: 6_000 }],
      offerings: {
        care: {
          kind: 'elderly_care',
          mode: 'visit',
          delivery: 'home',
          capacityModel: 'caregiver',
          capacity: 8,
          skills: ['bedside_care'],
          schedule: every('08:00', '18:00', 60),
        },
      },
      staff: Array.from({ length: 8 }, () => ['bedside_care']),
    });
    const planned = await planOf(stage, site);
    const day = nextDay(stage);
    const played = await bookAll(stage, site, day);
    await playAll(stage, played, day);
    const found = await stage.scene.owner.all<Visit>(`/v1/visits?siteId=${site.siteId}`);
    const queue = found.filter(({ status }) => status === 'on_review');
    await inParallel(
      played.filter(({ decision }) => decision),
      4,
      ({ booking, decision }) =>
        stage.scene.owner.post(`/v1/visits/${booking.id}/decision`, {
          outcome: decision,
          reason: decision === 'approve' ? 'The client confirms it.' : 'The client denies it.',
        }),
    );
    await stage.everythingHeard();
    return tell(stage, site, played, queue, planned);
  },
};

/** A resident with severe loss of ability gets what the city grants: proposed, accepted, booked as series. */
async function planOf(stage: Stage, site: OwnSite): Promise<{ granted: number; booked: number }> {
  const { official, owner } = stage.scene;
  const from = nextDay(stage);
  const grants = [
    { service: 'bathing', name: { zh: '助浴', en: 'bathing' }, minutes: 60, timesPerWeek: 2 },
    { service: 'mobility', name: { zh: '助行', en: 'walking' }, minutes: 45, timesPerWeek: 3 },
  ];
  for (const grant of grants) {
    await official.post('/v1/care-grants', {
      ...grant,
      regionCode: stage.area.cities[0].code,
      careLevel: 'severe',
      skill: 'bedside_care',
      from,
    });
  }
  const attributes = { careLevel: 'severe', careLevelAssessedOn: `${stage.day.slice(0, 4)}-01-15` };
  const residentId = await register(stage, { attributes });
  const body = { residentId, siteId: site.siteId, from, weeks: 1, preferredTime: '16:00' };
  const { id } = await owner.post<{ id: string }>('/v1/care-plans', body);
  const plan = await owner.post<{ lines: { occurrences: { status: string; bookingId?: string }[] }[] }>(
    `/v1/care-plans/${id}/accept`,
    {},
  );
  const occurrences = plan.lines.flatMap((line) => line.occurrences);
  const bookings = occurrences.flatMap(({ bookingId }) => bookingId ?? []);
  const standing = await inParallel(bookings, 4, (bookingId) => confirmed(stage, bookingId));
  return {
    granted: grants.reduce((sum, { timesPerWeek }) => sum + timesPerWeek, 0),
    booked: standing.filter(({ status }) => status === 'confirmed').length,
  };
}

async function bookAll(stage: Stage, site: OwnSite, day: string): Promise<Played[]> {
  const sessions = await sessionsOf(stage.scene.frontEnd, site.offerings.care, day);
  const played: Played[] = [];
  for (const visit of VISITS) {
    const point = { lng: site.lng + (visit.home === 'far' ? FAR : 0), lat: site.lat, crs: 'WGS84' as const };
    const residentId = await register(stage);
    await stage.scene.frontEnd.send('PUT', `/v1/residents/${residentId}/home`, { body: point });
    const start = at(day, `${String(visit.hour).padStart(2, '0')}:00`).toISOString();
    const session = sessions.find((one) => one.start === start);
    if (!session) throw new Error(`there is no visit at ${start}`);
    const booking = await book(stage, site.offerings.care, session.sessionId, residentId);
    const caregiverId = site.staff[visit.carer];
    // Whom the plan names; who was chosen by the service is relieved of it.
    if (booking.caregiverId !== caregiverId)
      await stage.scene.owner.post(`/v1/bookings/${booking.id}/caregiver`, { caregiverId });
    played.push({ ...visit, booking, point });
  }
  return played;
}

/** Every step at its time; what was noted offline is sent in the evening. */
async function playAll(stage: Stage, played: readonly Played[], day: string): Promise<void> {
  const steps = played.flatMap((visit) => [
    {
      time: visit.in.offline ? '18:00' : visit.in.time,
      order: visit.in.time,
      play: () => checkIn(stage, visit, day),
    },
    {
      time: visit.out.offline ? '18:00' : visit.out.time,
      order: visit.out.time,
      play: () => checkOut(stage, visit, day),
    },
  ]);
  steps.sort((a, b) => a.time.localeCompare(b.time) || a.order.localeCompare(b.order));
  for (const { time, play } of steps) {
    await stage.clock.moveTo(at(day, time));
    await play();
  }
}

async function checkIn(
  stage: Stage,
  { booking, point, in: door, photo }: Played,
  day: string,
): Promise<void> {
  const { frontEnd } = stage.scene;
  const away = { ...point, lng: point.lng + 0.03 };
  const proof =
    door.by === 'qr'
      ? await frontEnd.post<{ qr: string }>(`/v1/bookings/${booking.id}/visit-qr`, {
          deviceId: door.clientDevice,
        })
      : undefined;
  await frontEnd.post(`/v1/bookings/${booking.id}/check-in`, {
    ...(door.by === 'code' && { code: booking.visitCode }),
    ...(proof && { qr: proof.qr }),
    ...(door.by === 'position' && { position: point }),
    ...(door.away && { position: away }),
    ...(door.device && { deviceId: door.device }),
    ...(door.offline && { deviceTime: at(day, door.time).toISOString() }),
  });
  if (!photo) return;
  const content = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(photo)]);
  const document = { name: '照片.png', contentType: 'image/png', contentBase64: content.toString('base64') };
  await frontEnd.post(`/v1/bookings/${booking.id}/evidence`, { kind: 'photo', document });
}

async function checkOut(stage: Stage, { booking, out }: Played, day: string): Promise<void> {
  const deviceTime = out.offline && at(day, out.time).toISOString();
  await stage.scene.frontEnd.post(`/v1/bookings/${booking.id}/check-out`, {
    ...(deviceTime && { deviceTime }),
  });
}

type Queue = readonly Visit[];

async function checksOf(
  { books }: Stage,
  site: OwnSite,
  played: readonly Played[],
  queue: Queue,
): Promise<Check[]> {
  const say = (entries: [string, string[]][]): string =>
    entries
      .map(([id, signals]) => `${id.slice(-6)}:${[...signals].sort().join('+')}`)
      .sort()
      .join(' ');
  const odd = played.map((v): [string, string[]] => [v.booking.id, [...v.sown, ...(v.doubted ?? [])]]);
  const sown = say(odd.filter(([, signals]) => signals.length > 0));
  const found = say(queue.map((v) => [v.bookingId, [...new Set(v.findings.map(({ signal }) => signal))]]));
  const billed = played.filter((v) => v.sown.length === 0 || v.decision === 'approve');
  const rejected = played.filter((v) => v.decision === 'reject');
  const captured = (visited: Played[]): Promise<number> =>
    books.number(
      'billing',
      `SELECT count(*) FROM charge WHERE status = 'captured' AND booking_id = ANY ($1::uuid[])`,
      [visited.map(({ booking }) => booking.id)],
    );
  const overlapping = await books.number(
    'bookings',
    `SELECT count(*) FROM visit a JOIN visit b ON a.caregiver_id = b.caregiver_id AND a.booking_id < b.booking_id
       AND tstzrange(a.checked_in_at, a.checked_out_at) && tstzrange(b.checked_in_at, b.checked_out_at)
     WHERE a.site_id = $1 AND b.site_id = $1
       AND a.status IN ('passed', 'approved') AND b.status IN ('passed', 'approved')`,
    [site.siteId],
  );
  return [
    same(
      'frauds, and what they contradict, are exactly what is on review',
      'sown against found, by visit',
      sown,
      found,
    ),
    same(
      'honest and approved visits are charged',
      'captured charges against visits',
      await captured(billed),
      billed.length,
    ),
    same('nobody pays for a rejected visit', 'captured charges', await captured(rejected), 0),
    same('no carer in two homes at once', 'pairs of overlapping visits that count', overlapping, 0),
  ];
}

async function tell(
  stage: Stage,
  site: OwnSite,
  played: readonly Played[],
  queue: Queue,
  planned: { granted: number; booked: number },
): Promise<Told> {
  const checks = await checksOf(stage, site, played, queue);
  const { granted, booked } = planned;
  checks.push(
    same('a plan gives what is granted', 'visits booked in its week against times granted', booked, granted),
  );
  const decided = (decision: string): number => played.filter((v) => v.decision === decision).length;
  const showing = (signal: string): number =>
    queue.filter(({ findings }) => findings.some((finding) => finding.signal === signal)).length;
  const signals = [...new Set(queue.flatMap(({ findings }) => findings.map(({ signal }) => signal)))];
  const report = {
    played: played.length,
    passed: played.length - queue.length,
    onReview: queue.length,
    approved: decided('approve'),
    rejected: decided('reject'),
    seededFrauds: played.filter((v) => v.sown.length > 0).length,
    signals: Object.fromEntries(signals.map((signal) => [signal, showing(signal)])),
    planned,
  };
  const text = `${report.played} played · ${report.passed} passed · ${report.onReview} on review: ${report.approved} approved, ${report.rejected} rejected\n${booked} more planned from a care level`;
  return { report: { visits: report }, rows: [['Visits at home', text]], checks };
}
