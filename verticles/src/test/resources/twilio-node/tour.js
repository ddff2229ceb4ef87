// Drives every operation of Studio's API with Twilio's client for Node.
//
// PARLEY_URL is where Parley listens, PARLEY_ACCOUNT and PARLEY_TOKEN are its account. Prints each answer as a line
// {"method": ..., "path": ..., "status": ..., "body": ...}. Fails where something is not as it should be.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const twilio = require("twilio");

/** The client's own HTTP client, with Parley in the place of studio.twilio.com. */
class ParleyClient extends twilio.RequestClient {
  async request(options) {
    const asked = new URL(options.uri);
    const uri = new URL(asked.pathname + asked.search, process.env.PARLEY_URL).toString();
    const response = await super.request({ ...options, uri });
    if (response.statusCode < 400) {
      const body = typeof response.body === "string" ? response.body : JSON.stringify(response.body ?? "");
      const line = { method: options.method.toUpperCase(), path: asked.pathname, status: response.statusCode, body };
      fs.writeSync(1, JSON.stringify(line) + "\n");
    }
    return response;
  }
}

async function refused(promise, status, code) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    return true;
  });
}

async function main() {
  const { PARLEY_ACCOUNT, PARLEY_TOKEN } = process.env;
  const client = twilio(PARLEY_ACCOUNT, PARLEY_TOKEN, { httpClient: new ParleyClient() });
  const studio = client.studio.v2;
  const definition = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const broken = { ...definition, initial_state: "nowhere" };

  // Flows
  const draft = { friendlyName: "Node", status: "draft", definition, commitMessage: "first" };
  assert.equal((await studio.flowValidate.update(draft)).valid, true);
  await assert.rejects(studio.flowValidate.update({ ...draft, definition: broken }), (error) => {
    assert.equal(error.code, 81022);
    assert.equal(error.details.errors[0].property_path, "#/initial_state");
    return true;
  });
  const created = await studio.flows.create(draft);
  assert.match(created.sid, /^FW[0-9a-f]{32}$/);
  assert.equal(created.revision, 1);
  assert.deepEqual(created.definition, definition);
  const published = await studio.flows(created.sid).update({ status: "published" });
  assert.equal(published.revision, 2);
  assert.equal(published.status, "published");
  assert.equal((await studio.flows(created.sid).fetch()).revision, 2);
  for (let i = 0; i < 4; i++) {
    await studio.flows.create({ ...draft, friendlyName: `Page ${i}` });
  }
  const all = await studio.flows.list({ pageSize: 2 });
  assert.equal(all.length, 6);
  assert.equal(new Set(all.map((flow) => flow.sid)).size, 6);
  const first = await studio.flows.page({ pageSize: 2 });
  const second = await first.nextPage();
  const back = await second.previousPage();
  assert.deepEqual(back.instances.map((flow) => flow.sid), first.instances.map((flow) => flow.sid));

  // Revisions and test users
  // The list as it came: the client's own reader of this list takes none, whoever answers (twilio 6.2.0).
  const uri = `https://studio.twilio.com/v2/Flows/${created.sid}/Revisions`;
  const { body } = await client.request({ method: "get", uri });
  const { revisions } = typeof body === "string" ? JSON.parse(body) : body;
  assert.deepEqual(revisions.map((it) => it.revision), [2, 1]);
  assert.equal((await studio.flows(created.sid).revisions("LatestPublished").fetch()).revision, 2);
  await refused(studio.flows(created.sid).revisions("newest").fetch(), 400, 81021);
  const users = ["+14155550142", "+14155550143"];
  assert.deepEqual((await studio.flows(created.sid).testUsers().update({ testUsers: users })).testUsers, users);
  assert.deepEqual((await studio.flows(created.sid).testUsers().fetch()).testUsers, users);

  // Executions
  const executions = studio.flows(created.sid).executions;
  const wanted = { to: "+14155550144", from: "+15550001111", parameters: { customer: { first_name: "Node" } } };
  const execution = await executions.create(wanted);
  assert.equal(execution.status, "active");
  assert.equal(execution.flowVersion, 2);
  await refused(executions.create(wanted), 409, 20409);
  assert.equal((await executions(execution.sid).fetch()).contactChannelAddress, wanted.to);
  const since = new Date(execution.dateCreated.getTime());
  assert.equal((await executions.list({ dateCreatedFrom: since })).length, 1);
  const seen = await executions(execution.sid).executionContext().fetch();
  assert.equal(seen.context.flow.data.customer.first_name, "Node");
  const steps = await executions(execution.sid).steps.list();
  assert.equal(steps.at(-1).name, "incomingRequest");
  const step = await executions(execution.sid).steps(steps.at(-1).sid).fetch();
  assert.equal(step.transitionedFrom, "Trigger");
  const then = await executions(execution.sid).steps(step.sid).stepContext().fetch();
  assert.equal(then.context.contact.channel.address, wanted.to);
  assert.equal((await executions(execution.sid).update({ status: "ended" })).status, "ended");
  assert.equal(await executions(execution.sid).remove(), true);
  await refused(executions(execution.sid).fetch(), 404, 20404);

  assert.equal(await studio.flows(created.sid).remove(), true);
  await refused(studio.flows(created.sid).fetch(), 404, 20404);
  const stranger = twilio(PARLEY_ACCOUNT, "wrong", { httpClient: new ParleyClient() });
  await refused(stranger.studio.v2.flows.list(), 401, 20003);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
