import { useState, type FormEvent } from "react";
import { nameOf, titleOf, type Then } from "../api";
import { named, onMac } from "../lib/keys";
import { KEYS } from "../keymap";
import { moment, snoozes } from "../lib/time";
import { doTo, neighbour, openDialog, useDesk, type Dialog } from "../state";
import { go, inbox, route } from "../lib/route";
import { Modal } from "./Bits";

export default function Dialogs({ dialog }: { dialog: Dialog }) {
  const done = () => openDialog(null);
  switch (dialog.open) {
    case "close":
      return <CloseDialog ids={dialog.ids} next={dialog.next} done={done} />;
    case "snooze":
      return <SnoozeDialog ids={dialog.ids} done={done} />;
    case "assign":
      return <AssignDialog ids={dialog.ids} done={done} />;
    case "keys":
      return <KeysDialog done={done} />;
  }
}

const many = (ids: string[], verb: string) => (ids.length === 1 ? `${verb} conversation` : `${verb} ${ids.length} conversations`);

function CloseDialog({ ids, next, done }: { ids: string[]; next: boolean; done: () => void }) {
  const catalogue = useDesk((desk) => desk.catalogue);
  const thread = useDesk((desk) => desk.thread);
  const path = ids.length === 1 && thread?.id === ids[0] ? (thread?.context?.flow?.path ?? []) : [];
  const byWidget = ids.length > 1 || thread?.row.reason === "widget";
  const [disposition, setDisposition] = useState(nameOf(catalogue.dispositions[0] ?? "answered"));
  const [then, setThen] = useState<Then["do"]>(byWidget ? "goes_on" : "ends");
  const [widget, setWidget] = useState("");
  const [flow, setFlow] = useState(catalogue.flows[0] ? nameOf(catalogue.flows[0]) : "");
  const [busy, setBusy] = useState(false);
  const widgets = [...new Set(path.flatMap((step) => [step.widget, step.next]).filter((one): one is string => Boolean(one)))];

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const after = next ? neighbour(1) : null;
    const what: Then = { do: then, ...(then === "at" ? { widget } : {}), ...(then === "begins" ? { flow } : {}) };
    const body = ids.length > 1 ? { disposition } : { disposition, then: what };
    const closed = await doTo(ids, "close", body, "closed");
    setBusy(false);
    if (!closed) return;
    done();
    if (next) go(inbox(route().folder, after, route().query));
  }
  const choice = (value: Then["do"], title: string, says: string) => (
    <label className="choice">
      <input type="radio" name="then" value={value} checked={then === value} onChange={() => setThen(value)} />
      <span>
        <strong>{title}</strong>
        <span>{says}</span>
      </span>
    </label>
  );
  return (
    <Modal title={many(ids, "Close")} onClose={done}>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          How did it end?
          <select autoFocus value={disposition} onChange={(event) => setDisposition(event.target.value)}>
            {(catalogue.dispositions.length > 0 ? catalogue.dispositions : ["answered"]).map((one) => (
              <option key={nameOf(one)} value={nameOf(one)}>
                {titleOf(one)}
              </option>
            ))}
          </select>
        </label>
        {ids.length > 1 && <p className="hint">Where a flow handed over it goes on; else the conversation ends.</p>}
        <fieldset hidden={ids.length > 1}>
          <legend>And then</legend>
          {choice("goes_on", "The flow goes on", "Where it handed over, by callComplete.")}
          {choice("ends", "It ends", "The next reply of the customer begins anew.")}
          {choice("at", "The flow goes on at a widget", "You name which.")}
          {then === "at" && (
            <label className="under">
              Widget
              <input required list="widgets" value={widget} onChange={(event) => setWidget(event.target.value)} />
              <datalist id="widgets">
                {widgets.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            </label>
          )}
          {choice("begins", "Another flow begins", "A survey, for instance.")}
          {then === "begins" && (
            <label className="under">
              Flow
              {catalogue.flows.length > 0 ? (
                <select value={flow} onChange={(event) => setFlow(event.target.value)}>
                  {catalogue.flows.map((one) => (
                    <option key={nameOf(one)}>{nameOf(one)}</option>
                  ))}
                </select>
              ) : (
                <input required value={flow} onChange={(event) => setFlow(event.target.value)} />
              )}
            </label>
          )}
        </fieldset>
        <Foot done={done} busy={busy} does={next ? "Close and open next" : "Close"} />
      </form>
    </Modal>
  );
}

function SnoozeDialog({ ids, done }: { ids: string[]; done: () => void }) {
  const thread = useDesk((desk) => desk.thread);
  const rows = useDesk((desk) => desk.rows);
  const [own, setOwn] = useState("");
  const one = ids.length === 1 ? ids[0] : null;
  const row = thread?.id === one ? thread?.row : [...rows.at.values()].find((known) => known.id === one);

  async function until(at: Date | null) {
    done();
    await doTo(ids, "snooze", { until: at?.toISOString() ?? null }, at ? `snoozed until ${moment(at.toISOString())}` : "woken");
  }
  return (
    <Modal title={many(ids, "Snooze")} onClose={done}>
      <p className="hint">It comes back then, or as soon as the customer writes.</p>
      <div className="choices">
        {row?.snoozed_until && (
          <button type="button" className="primary" autoFocus onClick={() => void until(null)}>
            Wake it now
          </button>
        )}
        {row?.state === "agent" && !row.waiting_for_customer && (
          <button
            type="button"
            onClick={() => {
              done();
              void doTo(ids, "waiting", { waiting: true }, "waits for the customer");
            }}
          >
            Until the customer writes
          </button>
        )}
        {snoozes(new Date()).map((choice, index) => (
          <button key={choice.label} type="button" autoFocus={index === 0 && !row?.snoozed_until} onClick={() => void until(choice.until)}>
            {choice.label} <span>{moment(choice.until.toISOString())}</span>
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void until(new Date(own));
        }}
      >
        <label>
          Or until
          <input type="datetime-local" required value={own} onChange={(event) => setOwn(event.target.value)} />
        </label>
        <Foot done={done} busy={!own || Date.parse(own) < Date.now()} does="Snooze" />
      </form>
    </Modal>
  );
}

const STATUS_ORDER = { online: 0, away: 1, offline: 2 };

function AssignDialog({ ids, done }: { ids: string[]; done: () => void }) {
  const catalogue = useDesk((desk) => desk.catalogue);
  const [find, setFind] = useState("");
  const agents = catalogue.agents
    .filter((agent) => agent.name.toLowerCase().includes(find.toLowerCase()))
    .sort((one, other) => STATUS_ORDER[one.status] - STATUS_ORDER[other.status] || one.load - other.load);
  const topics = catalogue.topics.filter((topic) => titleOf(topic).toLowerCase().includes(find.toLowerCase()));

  async function assign(to: { agent: string } | { topic: string }, name: string) {
    done();
    await doTo(ids, "assign", to, `given to ${name}`);
  }
  return (
    <Modal title={many(ids, "Assign")} onClose={done}>
      <label>
        Agent or topic
        <input autoFocus value={find} onChange={(event) => setFind(event.target.value)} />
      </label>
      <div className="pick">
        {agents.length > 0 && <h3>Agents</h3>}
        {agents.map((agent) => (
          <button key={agent.id} type="button" onClick={() => void assign({ agent: agent.id }, agent.name)}>
            <span className={`dot dot-${agent.status}`} aria-hidden="true" />
            {agent.name}
            <span>
              {agent.status}, {agent.load} of {agent.capacity}
            </span>
          </button>
        ))}
        {topics.length > 0 && <h3>Back to the queue, as</h3>}
        {topics.map((topic) => (
          <button key={nameOf(topic)} type="button" onClick={() => void assign({ topic: nameOf(topic) }, titleOf(topic))}>
            <span className="hash" aria-hidden="true">
              #
            </span>
            {titleOf(topic)}
          </button>
        ))}
        {agents.length + topics.length === 0 && <p className="hint">Nobody and nothing is called so.</p>}
      </div>
    </Modal>
  );
}

function KeysDialog({ done }: { done: () => void }) {
  const more = [
    [`${onMac ? "⌘" : "Ctrl+"}Enter`, "Send, or keep the note"],
    ["/ in a reply", "Canned replies"],
    ["↑ ↓", "Through the list, and through the messages"],
    ["Esc", "Close a dialog or a list of suggestions"],
  ];
  return (
    <Modal title="Keys" onClose={done} wide>
      <dl className="keys">
        {[...KEYS.map((key) => [named(key.keys), key.says]), ...more].map(([keys, says]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

function Foot({ done, busy, does }: { done: () => void; busy: boolean; does: string }) {
  return (
    <div className="modal-foot">
      <button type="button" onClick={done}>
        Cancel
      </button>
      <button type="submit" className="primary" disabled={busy}>
        {does}
      </button>
    </div>
  );
}
