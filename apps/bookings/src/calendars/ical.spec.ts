import fc from 'fast-check';
import { type CalendarEvent, calendarOf } from './ical';

const NOW = new Date('2026-11-02T01:00:00.123Z');
const lunch: CalendarEvent = {
  uid: '019a3f6e@doorstep',
  start: new Date('2026-11-03T03:00:00Z'),
  end: new Date('2026-11-03T04:30:00Z'),
  summary: '社区午餐',
  location: 'S1; 人民大道 200, 2/F',
  status: 'CONFIRMED',
  sequence: 2,
};

describe('a calendar', () => {
  it('is an object of RFC 5545', () => {
    expect(calendarOf('Wang', [lunch], NOW).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Doorstep//Bookings//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'X-WR-CALNAME:Wang',
      'BEGIN:VEVENT',
      'UID:019a3f6e@doorstep',
      'DTSTAMP:20261102T010000Z',
      'DTSTART:20261103T030000Z',
      'DTEND:20261103T043000Z',
      'SUMMARY:社区午餐',
      'LOCATION:S1\\; 人民大道 200\\, 2/F',
      'STATUS:CONFIRMED',
      'SEQUENCE:2',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('keeps any text, on lines of 75 octets at most, and lets none of it become a line of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (summary) => {
        const text = calendarOf('c', [{ ...lunch, summary }], NOW);
        const lines = text.split('\r\n');
        for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        const unfolded = text.replaceAll('\r\n ', '').split('\r\n');
        expect(unfolded).toHaveLength(18);
        const shown = unfolded.find((line) => line.startsWith('SUMMARY:'))?.slice(8) ?? '';
        const read = shown.replaceAll(/\\(.)/g, (_, character: string) =>
          character === 'n' ? '\n' : character,
        );
        expect(read).toBe(summary.replaceAll(/\r\n|\r|\n/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, ''));
      }),
      { numRuns: 200 },
    );
  });
});
