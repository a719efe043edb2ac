import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A second person approves whatever closes a difference above the limit: a proposal says how it is to be closed. */
export class ProposedClosings1767000000250 implements MigrationInterface {
  name = 'ProposedClosings1767000000250';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What waits was proposed when write-offs alone were.
      UPDATE reconciliation_exception SET proposal = proposal || '{"resolution": "written_off"}' WHERE proposal IS NOT NULL;
      ALTER TABLE reconciliation_exception ADD CONSTRAINT exception_proposal_says CHECK (proposal IS NULL
        OR coalesce(proposal->>'resolution', '') IN ('explained', 'corrected', 'channel_corrects', 'written_off'))`);
    await runner.query(noted(`coalesce(NEW.resolution, NEW.proposal->>'resolution')`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(noted('NEW.resolution'));
    await runner.query(`
      ALTER TABLE reconciliation_exception DROP CONSTRAINT exception_proposal_says;
      UPDATE reconciliation_exception SET proposal = proposal - 'resolution' WHERE proposal IS NOT NULL`);
  }
}

const noted = (resolution: string): string => `
  CREATE OR REPLACE FUNCTION exception_noted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO exception_event (operator_id, exception_id, at, by, version, status, owner_id, resolution, comment)
      VALUES (NEW.operator_id, NEW.id, NEW.changed_at, NEW.changed_by, NEW.version, NEW.status, NEW.owner_id, ${resolution},
        NEW.comment);
    RETURN NULL;
  END $$`;
