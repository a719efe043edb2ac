import { DomainError, sumFen, type Fen } from '@doorstep/kernel';

/** Something expected, with what is left of it. */
export interface Left {
  id: string;
  leftFen: Fen;
}

/** What of a line is for what. */
export interface Part {
  expectedId: string;
  amountFen: Fen;
}

/**
 * Deals what is open of a line to what it is for: each gets what is left of it, a single one may get less. With `leaveRest`
 * the line may bring, or pay out, more than that: the rest stays open.
 */
export function partsFor(openFen: Fen, expected: readonly Left[], leaveRest: boolean): Part[] {
  const sumLeftFen = sumFen(expected.map(({ leftFen }) => leftFen));
  const [only] = expected;
  const partly =
    expected.length === 1 &&
    Math.sign(only.leftFen) === Math.sign(openFen) &&
    Math.abs(only.leftFen) > Math.abs(openFen);
  const inside = Math.sign(sumLeftFen) === Math.sign(openFen) && Math.abs(sumLeftFen) < Math.abs(openFen);
  if (sumLeftFen !== openFen && !partly && !(leaveRest && inside))
    throw new DomainError(
      'conflict',
      'amounts_differ',
      `The line has ${openFen} fen open, what you named has ${sumLeftFen} fen left.`,
      {
        field: 'expectedIds',
        mend: inside
          ? 'Name what makes the amount of the line, or leave the rest open with leaveRest: true.'
          : 'Name what makes the amount of the line; of a single one, the line may pay a part.',
        lineFen: openFen,
        leftFen: sumLeftFen,
      },
    );
  return expected
    .map(({ id, leftFen }) => ({ expectedId: id, amountFen: partly ? openFen : leftFen }))
    .filter((part) => part.amountFen !== 0);
}
