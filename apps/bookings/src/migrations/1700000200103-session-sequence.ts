import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How often what a calendar shows of a session has changed, but for who is booked: taking and giving back units doesn't come
 * by here, for it is what everybody waits for.
 */
export class SessionSequence1700000200103 implements MigrationInterface {
  name = 'SessionSequence1700000200103';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE session ADD COLUMN sequence int NOT NULL DEFAULT 0;
      CREATE FUNCTION session_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.sequence := OLD.sequence + 1;
        RETURN NEW;
      END $$;
      CREATE TRIGGER session_sequence BEFORE UPDATE OF status, capacity, ends_at ON session
        FOR EACH ROW WHEN ((OLD.status, OLD.capacity, OLD.ends_at) IS DISTINCT FROM (NEW.status, NEW.capacity, NEW.ends_at))
        EXECUTE FUNCTION session_sequence();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER session_sequence ON session;
      DROP FUNCTION session_sequence();
      ALTER TABLE session DROP COLUMN sequence;
    `);
  }
}
