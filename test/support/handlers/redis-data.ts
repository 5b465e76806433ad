import type { RedisServer } from "../servers/redis.ts";

/** Every kind of value, in each of the forms that a server keeps it in. Keys of database 0, then of database 3. */
const FILL = `
  local call = redis.call
  for i = 1, 300 do call('SET', 'text:' .. i, string.rep('x', i * 7)) end
  call('SET', 'number', '12345') call('SET', 'small', '-7') call('SET', 'large', '123456789') call('SET', 'empty', '')
  for i = 1, 100 do
    call('RPUSH', 'list', i, 'a' .. i, -i * 1000, i * 100000, i * 10000000000, string.rep('z', i * 3))
    call('SADD', 'numbers', i) call('SADD', 'words', 'w' .. i) call('HSET', 'hash', 'f' .. i, i)
    call('ZADD', 'ranks', i, 'm' .. i) call('ZADD', 'halves', i * 0.5, 'm' .. i) call('XADD', 'stream', '*', 'n', i)
  end
  call('SADD', 'wide', '-9007199254740993', '4611686018427387904', '12') call('SADD', 'middle', '70000', '-70000')
  call('ZADD', 'ends', 'inf', 'last', '-inf', 'first', '1e300', 'high', '0.1', 'tenth')
  for i = 1, 700 do
    call('HSET', 'hash:large', 'f' .. i, string.rep('y', i)) call('SADD', 'set:large', 'w' .. i) call('ZADD', 'ranks:large', i / 3, 'm' .. i)
  end
  call('RPUSH', 'list:long', string.rep('q', 20000), 'short', string.rep('ab', 90))
  call('XGROUP', 'CREATE', 'stream', 'readers', '0') call('XREADGROUP', 'GROUP', 'readers', 'one', 'COUNT', 10, 'STREAMS', 'stream', '>')
  call('XDEL', 'stream', call('XRANGE', 'stream', '-', '+', 'COUNT', 1)[1][1])
  call('SET', 'session', 'expires', 'PX', 86400000) call('HSET', 'session:2', 'a', 'b') call('EXPIRE', 'session:2', 86400)
  call('SELECT', 3) for i = 1, 25 do call('SET', 'three:' .. i, i) end
`;

/** What `fillRedis` leaves, as a backup counts it. */
export const FILLED = { db0: 320, db3: 25, functions: 1 } as const;

export async function fillRedis(server: RedisServer): Promise<void> {
  await server.command("EVAL", FILL, "0");
  await server.command("FUNCTION", "LOAD", "#!lua name=greetings\nredis.register_function('greet', function() return 'hello' end)");
}
