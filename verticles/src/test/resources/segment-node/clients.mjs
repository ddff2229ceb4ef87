// node clients.mjs CLIENT URL KEY: tells what a client is asked to tell, and prints what came of it as JSON.
import cdp from '@customerio/cdp-analytics-node';
import segment from '@segment/analytics-node';
import customerio from 'customerio-node';

const [, , client, url, key] = process.argv;

const told = async call => {
  try {
    return { answer: await call() };
  } catch (error) {
    return { status: error.statusCode, message: error.message };
  }
};

/** The two forks of Analytics: batches, flushed at the end. */
const analytics = async (Analytics, settings) => {
  const results = { delivered: [], failed: [] };
  const tracker = new Analytics({ writeKey: key, host: url, maxRetries: 1, ...settings });
  const done = (error, context) =>
    error
      ? results.failed.push(String(error.reason ?? error))
      : results.delivered.push(context.event.type);
  tracker.on('error', error => results.failed.push(String(error.code ?? error)));
  tracker.identify({ userId: 'node', traits: { client, phone: '+14155550142' } }, done);
  tracker.track({ userId: 'node', event: 'Checkout Started', properties: { value: 80 } }, done);
  tracker.page({ userId: 'node', name: 'Home' }, done);
  tracker.group({ userId: 'node', groupId: 'g' }, done);
  tracker.alias({ userId: 'node', previousId: 'before' }, done);
  tracker.screen({ anonymousId: 'phone', name: 'Cart' }, done);
  tracker.track({ userId: 'node', event: 'Order Completed', properties: { order_id: client } }, done);
  await tracker.closeAndFlush({ timeout: 5_000 });
  return results;
};

const pipelines = async strictMode => {
  const tracker = new customerio.PipelinesClient(key, { url: `${url}/v1`, strictMode });
  return {
    identify: await told(() => tracker.identify({ userId: 'node', traits: { client } })),
    track: await told(() => tracker.track({ userId: 'node', event: 'Order Completed', properties: { order_id: client } })),
    batch: await told(() =>
      tracker.batch([
        { type: 'page', userId: 'node', name: 'Home' },
        { type: 'identify', userId: 'node', traits: { plan: 'pro' } },
      ])),
    broken: await told(() => tracker.track({ userId: 'node', event: '--' })),
  };
};

const results = {
  'customerio-node': () => pipelines(false),
  'customerio-node-strict': () => pipelines(true),
  '@customerio/cdp-analytics-node': () => analytics(cdp.Analytics, { path: '/v1/batch' }),
  '@segment/analytics-node': () => analytics(segment.Analytics, {}),
};
console.log(JSON.stringify(await results[client]()));
