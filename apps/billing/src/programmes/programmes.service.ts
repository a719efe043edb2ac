import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page, type Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { KnownService } from '../known/known.service';
import { refusing } from '../shared/refusals';
import { assertSound } from './programme';
import { ProgrammeEntity, TermsEntity } from './programme.entity';
import type { CreateProgrammeDto, ProgrammeDto, ProgrammesQuery, StoredTermsDto } from './programmes.dto';
import type { TermsDto } from './terms.dto';

@Injectable()
export class ProgrammesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  async create(command: CreateProgrammeDto): Promise<ProgrammeDto> {
    const { code, name, funderId, regionPrefix } = command;
    assertPays(funderId);
    await this.known.arrival({ organisation: funderId });
    const created = this.db.write(async (tx) => {
      const funder = await this.known.organisation(tx, funderId);
      const programme = tx.manager.create(ProgrammeEntity, {
        ...{ id: newId(), code, nameZh: name.zh, nameEn: name.en ?? null, funderId, regionPrefix },
        payer: funder.kind === 'operator' ? 'operator' : 'funder',
        ...{ createdBy: currentActor().id, createdAt: this.clock.now(), version: 1 },
      });
      const terms = this.terms(programme, command);
      await tx.manager.insert(ProgrammeEntity, programme);
      await tx.manager.insert(TermsEntity, terms);
      return show(programme, [terms]);
    });
    return refusing(() => created, { programme_code_key: codeTaken });
  }

  /** New rules from a day on: those that hold until then end on it. */
  async changeTerms(id: string, command: TermsDto): Promise<ProgrammeDto> {
    const changed = this.db.write(async (tx) => {
      const programme = await loadOwn(tx, id);
      const next = this.terms(programme, command);
      await tx.sql(
        `UPDATE programme_terms SET to_day = $2
         WHERE programme_id = $1 AND from_day < $2 AND (to_day IS NULL OR to_day > $2)`,
        [id, next.from],
      );
      await tx.manager.insert(TermsEntity, next);
      const version = programme.version + 1;
      await tx.manager.update(ProgrammeEntity, { id }, { version });
      return showOne(tx, { ...programme, version });
    });
    return refusing(() => changed, { terms_one_at_a_time: termsOverlap });
  }

  find(id: string): Promise<ProgrammeDto> {
    return this.db.read(async (tx) => {
      const programme = await tx.manager.findOneBy(ProgrammeEntity, { id });
      if (!programme) throw notFound('programme', id);
      return showOne(tx, programme);
    });
  }

  list({ funderId, code, kind, limit, cursor }: ProgrammesQuery): Promise<Page<ProgrammeDto>> {
    const after = decodeCursor(cursor, 1);
    return this.db.read(async (tx) => {
      const query = tx.manager.createQueryBuilder(ProgrammeEntity, 'programme').orderBy('programme.id');
      if (funderId) query.andWhere('programme.funder_id = :funderId', { funderId });
      if (code) query.andWhere('programme.code = :code', { code });
      if (after) query.andWhere('programme.id > :after', { after: after[0] });
      if (kind) {
        const ofKind = `SELECT FROM programme_terms t WHERE t.programme_id = programme.id AND :kind = ANY (t.kinds)`;
        query.andWhere(`EXISTS (${ofKind})`, { kind });
      }
      const programmes = await query.limit(limit + 1).getMany();
      const terms = await termsOf(
        tx,
        programmes.map((programme) => programme.id),
      );
      return pageOf(
        programmes,
        limit,
        (programme) => [programme.id],
        (programme) =>
          show(
            programme,
            terms.filter(({ programmeId }) => programmeId === programme.id),
          ),
      );
    });
  }

  private terms(programme: Pick<ProgrammeEntity, 'id' | 'code'>, command: TermsDto): TermsEntity {
    const { from, to } = period(command.from, command.to ?? null);
    const { kinds, modes = null, eligibility = {}, base, caps = {}, order, excludes = [] } = command;
    const { rateBp = null, fixedFen = null, minimumGrossFen = null } = command;
    const rules = {
      from,
      to,
      kinds,
      modes,
      eligibility,
      base,
      rateBp,
      fixedFen,
      minimumGrossFen,
      caps,
      order,
      excludes,
    };
    assertSound({ ...rules, code: programme.code });
    return {
      id: newId(),
      programmeId: programme.id,
      ...rules,
      createdBy: currentActor().id,
      createdAt: this.clock.now(),
    };
  }
}

/** A programme that the current actor may change, locked. */
export async function loadOwn(tx: Tx, id: string): Promise<ProgrammeEntity> {
  const programme = await tx.manager.findOneBy(ProgrammeEntity, { id });
  if (!programme) throw notFound('programme', id);
  assertPays(programme.funderId);
  await tx.sql(`SELECT FROM programme WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return programme;
}

/** Whoever sets rules or budgets pays by them. */
function assertPays(funderId: string): void {
  const actor = currentActor();
  if (actor.roles.includes('administrator') || actor.organisationId === funderId) return;
  throw new DomainError(
    'forbidden',
    'not_your_programme',
    'You set up programmes of your own organisation only.',
    {
      field: 'funderId',
      mend: 'Give your own organisation, or ask the funder to set it up.',
    },
  );
}

async function showOne(tx: Tx, programme: ProgrammeEntity): Promise<ProgrammeDto> {
  return show(programme, await termsOf(tx, [programme.id]));
}

function termsOf(tx: Tx, programmeIds: string[]): Promise<TermsEntity[]> {
  return tx.manager.find(TermsEntity, { where: { programmeId: In(programmeIds) }, order: { from: 'ASC' } });
}

function show(programme: ProgrammeEntity, terms: TermsEntity[]): ProgrammeDto {
  const { id, code, nameZh, nameEn, funderId, payer, regionPrefix, createdAt, version } = programme;
  const name = { zh: nameZh, ...(nameEn !== null && { en: nameEn }) };
  return { id, code, name, funderId, payer, regionPrefix, terms: terms.map(showTerms), createdAt, version };
}

function showTerms({
  programmeId: _programme,
  createdBy: _by,
  createdAt: _at,
  ...terms
}: TermsEntity): StoredTermsDto {
  return terms;
}

function codeTaken(): DomainError {
  return new DomainError('conflict', 'programme_code_taken', 'Another programme has this code.', {
    field: 'code',
    mend: 'Choose another code, or add new terms to that programme.',
  });
}

function termsOverlap(): DomainError {
  return new DomainError('conflict', 'terms_overlap', 'Later terms begin before these would end.', {
    field: 'to',
    mend: 'Let them end on the day the later ones begin.',
  });
}
