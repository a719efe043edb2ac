/** A visit as the chapter plays it: who goes when, what happens at the door, and what has to be noticed. */
export interface PlayedVisit {
  carer: number;
  /** Hour of the booked start. */
  hour: number;
  home: 'near' | 'far';
  in: {
    time: string;
    by: 'code' | 'qr' | 'position';
    offline?: true;
    away?: true;
    clientDevice?: string;
    device?: string;
  };
  out: { time: string; offline?: true };
  photo?: string;
  /** The signals that were sown; none: an honest visit. */
  sown: string[];
  /** The signals of a later visit that contradicts this honest one, which puts it on review too. */
  doubted?: string[];
  /** What the reviewer decides, where it is on review. */
  decision?: 'approve' | 'reject';
}

const honest = (carer: number, hour: number, by: 'code' | 'qr' | 'position'): PlayedVisit => ({
  carer,
  hour,
  home: 'near',
  in: { time: `${pad(hour)}:00`, by },
  out: { time: `${pad(hour)}:55` },
  sown: [],
});

/**
 * Honest visits by code, QR and position, one noted without a connection, and one fraud of each kind. Where two visits
 * contradict each other both are on review; here the earlier one is honest, and approved.
 */
export const VISITS: readonly PlayedVisit[] = [
  honest(0, 9, 'code'),
  honest(0, 10, 'qr'),
  honest(0, 14, 'position'),
  honest(1, 9, 'qr'),
  {
    ...honest(1, 10, 'code'),
    in: { time: '10:05', by: 'code', offline: true },
    out: { time: '10:58', offline: true },
  },
  { ...honest(1, 14, 'code'), out: { time: '14:05' }, sown: ['too_short'], decision: 'reject' },
  { ...honest(2, 9, 'code'), doubted: ['overlapping'], decision: 'approve' },
  {
    ...honest(2, 10, 'code'),
    in: { time: '09:35', by: 'code', offline: true },
    out: { time: '10:40', offline: true },
    sown: ['overlapping'],
    decision: 'reject',
  },
  { ...honest(3, 9, 'code'), out: { time: '10:33' }, doubted: ['impossible_travel'], decision: 'approve' },
  {
    ...honest(3, 11, 'code'),
    home: 'far',
    in: { time: '10:35', by: 'code' },
    out: { time: '11:50' },
    sown: ['impossible_travel'],
    decision: 'reject',
  },
  { ...honest(4, 9, 'code'), photo: 'a', doubted: ['same_evidence'], decision: 'approve' },
  { ...honest(4, 10, 'code'), photo: 'a', sown: ['same_evidence'], decision: 'reject' },
  {
    ...honest(4, 14, 'code'),
    in: { time: '14:00', by: 'code', away: true },
    sown: ['far_from_home'],
    decision: 'approve',
  },
  {
    ...honest(5, 9, 'qr'),
    in: { time: '09:00', by: 'qr', clientDevice: 'phone-of-carer-5', device: 'phone-of-carer-5' },
    sown: ['same_device'],
    decision: 'reject',
  },
  {
    ...honest(5, 10, 'qr'),
    in: { time: '10:00', by: 'qr', clientDevice: 'phone-of-client', device: 'phone-of-carer-5' },
  },
];

function pad(hour: number): string {
  return String(hour).padStart(2, '0');
}
