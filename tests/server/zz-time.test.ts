import { it } from 'vitest';
import { seedDemo } from '@/server/samples/demo';
import { strangerContext } from '../support/tenants';
it('t', async () => {
  const { log } = strangerContext();
  const cpu = process.cpuUsage(); const t = performance.now();
  await seedDemo({ log, now: () => new Date() });
  const c = process.cpuUsage(cpu);
  console.log('DEMO', performance.now() - t, 'cpu', (c.user + c.system) / 1000);
});
