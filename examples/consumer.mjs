#!/usr/bin/env node
// Handles every article at least once, over restarts of either side: a named consumer of newswired.
// Usage: consumer.mjs NAME [SOCKET]. Prints titles; put your own work into handle().
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const [name, path = '/run/newswire/articles.sock'] = process.argv.slice(2);

async function handle(article) {
  console.log(article._newswire.seq, article.title ?? '');
}

// One connection. Ends when newswired closes it.
async function follow() {
  const socket = createConnection(path);
  let failure;
  socket.on('error', (error) => { failure = error; });
  // Something is said at least every 30 seconds, so three times that means that it is dead.
  socket.setTimeout(90_000, () => socket.destroy(new Error('no heartbeat')));
  const say = (request) => socket.write(JSON.stringify(request) + '\n');

  say({ op: 'subscribe', consumer: name, heartbeat: 30 });
  let subscribed = false;
  for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
    const message = JSON.parse(line);
    if (message.op === 'subscribed') {
      subscribed = true;
    } else if (message.op === 'error') {
      console.error(`newswired: ${message.code}: ${message.message}`);
      process.exit(1);
    } else if (message.op === undefined && subscribed) {
      await handle(message);
      // Only now is it done. If this program dies before, the article comes again.
      say({ op: 'ack', seq: message._newswire.seq });
    }
  }
  if (failure) throw failure;
}

for (;;) {
  try {
    await follow();
  } catch (error) {
    console.error(`${path}: ${error.message}; trying again`);
  }
  await sleep(1000);
}
