import { DomainError, transitions, type Fen } from '@doorstep/kernel';

export const FAPIAO_STATUSES = ['requested', 'handed_over', 'issued', 'rejected', 'reversed'] as const;
export type FapiaoStatus = (typeof FAPIAO_STATUSES)[number];
export const FAPIAO_COLOURS = ['blue', 'red'] as const;
export type FapiaoColour = (typeof FAPIAO_COLOURS)[number];

/**
 * requested: waits for the platform. handed_over: with the platform, which answers issued or rejected. An issued blue one is
 * reversed when red ones have taken all of it back; a red one ends as issued.
 */
export const fapiaoLife = transitions<FapiaoStatus, 'hand_over' | 'issue' | 'reject' | 'reverse'>(
  'fapiao',
  ['requested'],
  {
    requested: { hand_over: 'handed_over', issue: 'issued', reject: 'rejected' },
    handed_over: { issue: 'issued', reject: 'rejected' },
    issued: { reverse: 'reversed' },
    rejected: {},
    reversed: {},
  },
);

/** A buyer who is a person is not named: the title is 个人. */
export const PERSON = '个人';

/** What a red one may take back of a blue one. */
export function checkReversal(
  blue: { colour: FapiaoColour; status: FapiaoStatus; amountFen: Fen; reversedFen: Fen },
  amountFen: Fen,
): void {
  if (blue.colour !== 'blue' || blue.status !== 'issued') {
    throw new DomainError(
      'conflict',
      'fapiao_not_reversible',
      'Only a blue fapiao that is issued is reversed.',
      {
        mend: 'See its status: one that is not issued yet can be rejected.',
        status: blue.status,
      },
    );
  }
  const leftFen = blue.amountFen - blue.reversedFen;
  if (leftFen > 0 && amountFen <= leftFen) return;
  throw new DomainError(
    'conflict',
    'reversal_exceeds_fapiao',
    `Only ${leftFen} fen of it are left to reverse.`,
    {
      field: 'amountFen',
      mend: 'Reverse at most what is left.',
      leftFen,
    },
  );
}
