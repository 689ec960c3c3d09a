// Sends the file of the first argument as it is, and prints by how many bytes
// the memory of this process grew at most meanwhile.
import { createReadStream } from 'node:fs';
import { Deliveries } from '../../../dist/delivery/deliveries.js';
import { tellingOf } from '../../../dist/events/telling.js';
import { SILENT } from '../../../dist/options/log.js';
import { resolveOptions } from '../../../dist/options/resolve-options.js';
import { measured } from './measured.mjs';

const [path, given] = process.argv.slice(2);
const options = resolveOptions(JSON.parse(given));
const telling = tellingOf('tests', options, SILENT);
const deliveries = new Deliveries(options, telling);

const send = async (content) =>
  deliveries.carry(
    {
      messageId: '<large@shop.example>',
      sender: 'a@shop.example',
      envelope: { from: 'a@shop.example', to: ['b@shop.example'] },
      content,
    },
    await deliveries.reserve({ lane: 'normal', message: {} }),
  );

// A small part of it first, for connection, code and a heap at work.
const start = () => createReadStream(path, { end: 3_999_999 });
await send({ kind: 'stream', reusable: true, open: start });
const open = () => createReadStream(path);
await measured(() => send({ kind: 'stream', reusable: true, open }));
await deliveries.drain(5000);
