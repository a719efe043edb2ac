import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offerings that take no new bookings for want of a licence that they alone need. */
export class OfferingLicences1700000200022 implements MigrationInterface {
  name = 'OfferingLicences1700000200022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE site_licence ADD COLUMN blocked_offerings uuid[]`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE site_licence DROP COLUMN blocked_offerings`);
  }
}
