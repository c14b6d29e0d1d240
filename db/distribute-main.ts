import { distribute } from './distribute';

// `npm run db:distribute`: docs/scale.md says when.

try {
  const plan = process.argv.includes('--plan');
  const adminUrl = process.env.DATABASE_ADMIN_URL;
  if (!adminUrl) throw new Error("DATABASE_ADMIN_URL is missing: a superuser's address at the Citus coordinator.");
  await distribute(adminUrl, { plan, log: (line) => process.stdout.write(`${line}\n`) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
