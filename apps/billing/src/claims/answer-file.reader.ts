import type { Readable } from 'node:stream';
import { DomainError, parseYuan } from '@doorstep/kernel';
import { parse } from 'csv-parse';
import { ANSWERS, type Answer, type AnsweredLine } from './claim';

const LINES_MAX = 100_000;
const FAULTS_SHOWN_MAX = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Headings in English or as the claim pack's Chinese sheet has them. */
const HEADINGS: Record<string, keyof Row> = {
  ...{ lineid: 'lineId', outcome: 'outcome', acceptedyuan: 'acceptedYuan', code: 'code', reason: 'reason' },
  ...{ 明细编号: 'lineId', 答复: 'outcome', 核定金额: 'acceptedYuan', 原因代码: 'code', 原因: 'reason' },
};
const OUTCOMES: Record<string, Answer> = { 通过: 'accepted', 核减: 'cut', 退回: 'rejected' };

interface Row {
  lineId?: string;
  outcome?: string;
  acceptedYuan?: string;
  code?: string;
  reason?: string;
}

/**
 * A funder's answer as CSV (UTF-8): lineId, outcome (accepted, cut, rejected), acceptedYuan, code, reason, by the names of
 * the headings. Taken over whole or refused whole, with the faulty lines.
 */
export async function answersOfCsv(file: Readable): Promise<AnsweredLine[]> {
  const answers: AnsweredLine[] = [];
  const faults: string[] = [];
  const rows = file.pipe(
    parse({
      bom: true,
      columns: (names: string[]) =>
        names.map((name) => HEADINGS[name.trim()] ?? HEADINGS[name.trim().toLowerCase()] ?? false),
      skip_empty_lines: true,
      trim: true,
      info: true,
      max_record_size: 10_000,
    }),
  );
  file.on('error', (error) => rows.destroy(error));
  try {
    for await (const { record, info } of rows as AsyncIterable<{ record: Row; info: { lines: number } }>) {
      if (answers.length + faults.length >= LINES_MAX) throw unreadable([`more than ${LINES_MAX} lines`]);
      const read = answerOf(record);
      if (typeof read === 'string') faults.push(`line ${info.lines}: ${read}`);
      else answers.push(read);
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('CSV_')) throw unreadable([(error as Error).message]);
    throw error;
  }
  if (faults.length > 0) throw unreadable(faults);
  if (answers.length === 0) throw unreadable(['no line with an answer']);
  return answers;
}

/** The answer, or what is wrong with it. */
function answerOf({ lineId, outcome = '', acceptedYuan, code, reason }: Row): AnsweredLine | string {
  if (!lineId || !UUID.test(lineId)) return 'lineId is missing or no id';
  const said = OUTCOMES[outcome] ?? ANSWERS.find((each) => each === outcome.toLowerCase());
  if (!said) return `outcome is none of ${ANSWERS.join(', ')}`;
  const acceptedFen = acceptedYuan ? parseYuan(acceptedYuan) : undefined;
  if (acceptedYuan && acceptedFen === undefined) return 'acceptedYuan is no amount';
  return {
    lineId,
    outcome: said,
    ...(acceptedFen !== undefined && { acceptedFen }),
    ...(code && { code: code.slice(0, 60) }),
    ...(reason && { reason: reason.slice(0, 500) }),
  };
}

function unreadable(faults: readonly string[]): DomainError {
  return new DomainError('invalid', 'answer_file_faulty', `The file can't be taken over: ${faults[0]}.`, {
    mend: 'Mend the lines named and send the whole file again; nothing of it was taken over.',
    faults: faults.slice(0, FAULTS_SHOWN_MAX),
  });
}
