import { checkReversal, fapiaoLife } from './fapiao';

const blue = { colour: 'blue', status: 'issued', amountFen: 1000, reversedFen: 300 } as const;

describe('a fapiao', () => {
  it('goes to the platform, and is issued or rejected by it', () => {
    expect(fapiaoLife.next('requested', 'hand_over')).toBe('handed_over');
    expect(fapiaoLife.next('handed_over', 'issue')).toBe('issued');
    expect(fapiaoLife.finals).toEqual(['rejected', 'reversed']);
    expect(() => fapiaoLife.next('issued', 'reject')).toThrow("can't be asked to reject");
  });
});

describe('a red one', () => {
  it('takes back at most what is left of an issued blue one', () => {
    expect(() => checkReversal(blue, 700)).not.toThrow();
    expect(() => checkReversal(blue, 701)).toThrow('Only 700 fen');
    expect(() => checkReversal({ ...blue, reversedFen: 1000 }, 0)).toThrow('Only 0 fen');
    expect(() => checkReversal({ ...blue, status: 'handed_over' }, 1)).toThrow(
      'Only a blue fapiao that is issued',
    );
    expect(() => checkReversal({ ...blue, colour: 'red' }, 1)).toThrow('Only a blue fapiao that is issued');
  });
});
