import http from 'node:http';
import pg from 'pg';
import { statements } from './floor-statements';

/**
 * The floor (product/speed.md): a bare Node http server. `BEGIN; SET LOCAL`, one prepared indexed statement that returns
 * the same columns, `COMMIT`, JSON. No sign-in, no rights, no history. Its connections pipeline as the product's do.
 */
const { FLOOR_DATABASE = '', FLOOR_TENANT = '', FLOOR_MEMBER = '', FLOOR_PORT = '0' } = process.env;

const types = new pg.TypeOverrides();
for (const type of [pg.types.builtins.DATE, pg.types.builtins.TIMESTAMPTZ]) types.setTypeParser(type, (text) => text);
types.setTypeParser(pg.types.builtins.INT8, Number);
// `pipeline` is newer than the driver's type declarations.
const pool = new pg.Pool({ connectionString: FLOOR_DATABASE, max: 20, types, pipeline: true } as pg.PoolConfig);

const server = http.createServer(async (request, response) => {
  try {
    const [, name = '', ...rest] = (request.url ?? '').split('/');
    const statement = statements[name];
    if (!statement) throw new Error(`No statement ${name}`);
    const body = request.method === 'GET' ? {} : JSON.parse(await text(request));
    const values = statement.values({
      tenant: FLOOR_TENANT,
      member: FLOOR_MEMBER,
      path: rest.map(decodeURIComponent),
      body,
    });
    const client = await pool.connect();
    const begun = client.query(
      `begin${statement.writes ? '' : ' read only'}; set local app.tenant_id = '${FLOOR_TENANT}'`,
    );
    const [, { rows }] = await Promise.all([begun, client.query({ name, text: statement.text, values })]);
    const committed = client.query('commit');
    if (statement.writes) await committed;
    committed.then(() => client.release());
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(rows));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.listen(Number(FLOOR_PORT), '127.0.0.1', () => process.stdout.write('ready\n'));

function text(request: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let whole = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      whole += chunk;
    });
    request.on('end', () => resolve(whole));
    request.on('error', reject);
  });
}
