import { lazy, Suspense, useState } from "react";
import { words, type Cart, type Context, type HandedOver } from "../api";
import { useNow } from "../lib/now";
import { inbox, useRoute } from "../lib/route";
import { clock, due, moment, wallClock } from "../lib/time";
import { channelName, Link } from "../parts/Bits";
import { Icon } from "../parts/Icon";
import { toggleContext, useDesk } from "../state";

const FlowMap = lazy(() => import("./FlowMap"));

export default function ContextPanel() {
  const thread = useDesk((desk) => desk.thread);
  const { folder, conversation, query, part } = useRoute();
  return (
    <aside className="pane context-pane" aria-label="Context">
      <header className="pane-head">
        <h2>Context</h2>
        <button type="button" className="ghost square only-over" aria-label="Close context" onClick={() => toggleContext(false)}>
          <Icon name="cross" />
        </button>
      </header>
      <div className="context-scroll" tabIndex={0} role="group" aria-label="What is known">
        {thread?.context && <Parts context={thread.context} reason={thread.row.reason} id={thread.id} />}
        {thread && (
          <Section title="More">
            <p className="links">
              <Link to={inbox(folder, conversation, query, part === "timeline" ? undefined : "timeline")}>
                {part === "timeline" ? "Back to the messages" : "Timeline with every decision"}
              </Link>
              <a href={`/desk/api/conversations/${encodeURIComponent(thread.id)}/transcript?format=text`} download>
                Transcript as text
              </a>
              <a href={`/desk/api/conversations/${encodeURIComponent(thread.id)}/transcript?format=json`} download>
                Transcript as JSON
              </a>
            </p>
          </Section>
        )}
      </div>
    </aside>
  );
}

function Section({ title, aside, children }: { title: string; aside?: string | null; children: React.ReactNode }) {
  return (
    <section className="part">
      <h3>
        {title} {aside && <span>{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

const money = (amount: number | string | null, currency: string | null) => {
  if (amount === null || amount === undefined) return "";
  const number = Number(amount);
  if (Number.isNaN(number) || !currency) return `${amount} ${currency ?? ""}`.trim();
  try {
    return number.toLocaleString(undefined, { style: "currency", currency });
  } catch {
    return `${amount} ${currency}`;
  }
};

function HandedOverPart({ then }: { then: HandedOver }) {
  const { cart, friction, offers, flow } = then;
  return (
    <Section title="When handed over" aside={moment(then.at)}>
      <dl className="facts">
        {flow && <FactRow name="Flow" value={flow.at ? `${flow.name} at ${flow.at}` : flow.name} />}
        {cart && <FactRow name="Cart" value={money(cart.total ?? null, cart.currency ?? null)} />}
        {friction?.count ? <FactRow name="Friction" value={`${friction.count}× ${(friction.tags ?? []).map(words).join(", ")}`} /> : null}
        {(offers ?? []).map((one) => (
          <FactRow key={one.offer} name="Offer" value={`${one.offer}: ${words(one.state)}`} />
        ))}
      </dl>
    </Section>
  );
}

function Parts({ context, reason, id }: { context: Context; reason: string | null; id: string }) {
  const { cart, friction, offers, consent, sla, hours, history, flow, person } = context;
  const facts = Object.entries(person ?? {}).filter(([, value]) => typeof value !== "object" && value !== null && value !== "");
  return (
    <>
      {sla && <Clocks sla={sla} />}
      <Section title="Cart" aside={cart?.at ? `as of ${clock(cart.at)}` : null}>
        {cart && cart.items.length > 0 ? <CartPart cart={cart} /> : <p className="none">No cart is known.</p>}
      </Section>
      <Section title="Friction" aside={reason ? `handed over: ${words(reason.replace(/^tag:/, ""))}` : null}>
        {friction && friction.count > 0 ? (
          <p className="tags">
            <span className="friction" aria-label={`${friction.count} times`}>
              {friction.count}×
            </span>
            {friction.tags.map((tag) => (
              <span key={tag} className="tag">
                {words(tag)}
              </span>
            ))}
          </p>
        ) : (
          <p className="none">None was met.</p>
        )}
      </Section>
      {context.handed_over && <HandedOverPart then={context.handed_over} />}
      <Section title="Offers">
        {(offers ?? []).length === 0 && <p className="none">None was made.</p>}
        {(offers ?? []).map((offer, index) => (
          <dl key={index} className="facts">
            <dt>{words(offer.offer)}</dt>
            <dd>
              {offer.value} <span className={`pill pill-${offer.state}`}>{words(offer.state)}</span>
            </dd>
            {offer.code && (
              <>
                <dt>Code</dt>
                <dd className="mono">{offer.code}</dd>
              </>
            )}
            {offer.expires_at && (
              <>
                <dt>Until</dt>
                <dd>{moment(offer.expires_at)}</dd>
              </>
            )}
          </dl>
        ))}
      </Section>
      <Section title="Consent">
        {(consent ?? []).length === 0 && <p className="none">Nothing is on record.</p>}
        <ul className="plain">
          {(consent ?? []).map((one, index) => (
            <li key={index}>
              <span className={one.granted ? "pill pill-yes" : "pill pill-no"}>{one.granted ? "Yes" : "No"}</span>{" "}
              {channelName(one.channel)}
              {one.programme && `, ${one.programme}`}
              <span className="fine">
                {[one.source, one.at && moment(one.at)].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
        {hours && (hours.local_time || hours.quiet_until) && (
          <p className="fine">
            {hours.local_time && `It is ${wallClock(hours.local_time)} there. `}
            {hours.quiet_until && `Quiet until ${moment(hours.quiet_until)}.`}
          </p>
        )}
      </Section>
      <Section title="Person">
        <dl className="facts">
          {context.external_id && (
            <>
              <dt>Id</dt>
              <dd className="mono">{context.external_id}</dd>
            </>
          )}
          {facts.slice(0, 14).map(([name, value]) => (
            <FactRow key={name} name={name} value={String(value)} />
          ))}
        </dl>
      </Section>
      {flow && <FlowPart flow={flow} id={id} />}
      <Section title="History">
        {(history ?? []).length === 0 && <p className="none">This is the first.</p>}
        <ul className="plain">
          {(history ?? []).map((one, index) => (
            <li key={index}>
              {one.flow}
              <span className="fine">
                {moment(one.started_at)}
                {one.result ? ` · ${words(one.result)}` : one.ended_at ? "" : " · running"}
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function FactRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{words(name)}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Clocks({ sla }: { sla: NonNullable<Context["sla"]> }) {
  const now = useNow(1);
  const clocks: [string, string | null][] = [
    ["First reply", sla.first_reply_at ? null : sla.first_due],
    ["Next reply", sla.next_due],
    ["Resolution", sla.resolution_due],
  ];
  const shown = clocks.filter((one): one is [string, string] => one[1] !== null);
  if (shown.length === 0 && !sla.first_reply_at) return null;
  return (
    <Section title="Clocks">
      <div className="clocks">
        {sla.first_reply_at && (
          <div className="clock">
            <span>First reply</span>
            <strong>{clock(sla.first_reply_at)}</strong>
          </div>
        )}
        {shown.map(([name, at]) => {
          const left = due(at, now);
          return (
            <div key={name} className={left.over ? "clock clock-over" : "clock"} title={moment(at)}>
              <span>{name}</span>
              <strong>{left.text}</strong>
            </div>
          );
        })}
      </div>
    </Section>
  );
}

function CartPart({ cart }: { cart: Cart }) {
  return (
    <>
      <ul className="cart">
        {cart.items.map((item, index) => (
          <li key={index}>
            {item.image_url ? <img src={item.image_url} alt="" loading="lazy" width="40" height="40" referrerPolicy="no-referrer" /> : <span className="no-image" />}
            <span className="cart-name">
              {item.url ? (
                <a href={item.url} target="_blank" rel="noreferrer noopener">
                  {item.name}
                </a>
              ) : (
                item.name
              )}
              {item.quantity > 1 && <span className="fine">{item.quantity} pieces</span>}
            </span>
            <span className="num">{money(item.price, cart.currency)}</span>
          </li>
        ))}
      </ul>
      <p className="cart-total">
        {cart.url ? (
          <a href={cart.url} target="_blank" rel="noreferrer noopener">
            Open the cart
          </a>
        ) : (
          <span />
        )}
        <strong className="num">{money(cart.total, cart.currency)}</strong>
      </p>
    </>
  );
}

function FlowPart({ flow, id }: { flow: NonNullable<Context["flow"]>; id: string }) {
  const [drawn, setDrawn] = useState(false);
  return (
    <Section title="Flow" aside={`${flow.name}${flow.revision !== null ? `, revision ${flow.revision}` : ""}`}>
      <p>
        Stands at <strong>{flow.at ?? "its end"}</strong>
      </p>
      <ol className="path">
        {flow.path.slice(-6).map((step, index) => (
          <li key={index}>
            {step.widget}
            {step.event && <span className="fine">{step.event}</span>}
          </li>
        ))}
        {flow.at && flow.path[flow.path.length - 1]?.widget !== flow.at && <li aria-current="step">{flow.at}</li>}
      </ol>
      {drawn ? (
        <Suspense fallback={<div className="flow-box" />}>
          <FlowMap key={id} name={flow.name} at={flow.at} path={flow.path} />
        </Suspense>
      ) : (
        <button type="button" className="small" onClick={() => setDrawn(true)}>
          <Icon name="flows" /> Draw the flow
        </button>
      )}
    </Section>
  );
}
