import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Keys of services: one for each service of a runner. */
export class ServiceKeys1732170000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys ADD COLUMN service_id varchar');
    // Other keys have no service, and nulls are never equal.
    await runner.createIndex('api_keys', new TableIndex({ columnNames: ['runner_id', 'service_id'], isUnique: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('api_keys', new TableIndex({ columnNames: ['runner_id', 'service_id'], isUnique: true }));
    await runner.query('ALTER TABLE api_keys DROP COLUMN service_id');
  }
}
