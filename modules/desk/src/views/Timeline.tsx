import { useEffect, useState } from "react";
import { get, Refusal, seg } from "../api";
import { inbox, useRoute } from "../lib/route";
import { moment } from "../lib/time";
import { Empty, Link } from "../parts/Bits";
import { Icon } from "../parts/Icon";
import "../styles/lead.css";

interface Turn {
  number: number;
  at?: string;
  /** What happened, in words. */
  words?: string;
  /** What was done about it, in words. */
  effect_words?: string[];
  /** The widgets that were gone through, each split with the reasons for its choice. */
  path?: { widget: string; event?: string; next?: string; reasons?: string[] }[];
  [more: string]: unknown;
}

/** Everything that happened in a conversation, turn by turn, each decision with its reason. */
export default function Timeline({ id }: { id: string }) {
  const { folder, query } = useRoute();
  const [turns, setTurns] = useState<Turn[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    get<{ turns?: Turn[] }>(`/conversations/${seg(id)}/timeline`).then(
      (read) => setTurns(read.turns ?? []),
      (problem: unknown) => setWrong(problem instanceof Refusal ? problem.message : String(problem)),
    );
  }, [id]);
  return (
    <section className="pane thread-pane" aria-label="Timeline">
      <header className="pane-head thread-head">
        <Link to={inbox(folder, id, query)} className="button ghost square" aria-label="Back to the messages">
          <Icon name="back" />
        </Link>
        <h2>Timeline</h2>
      </header>
      <div className="timeline" tabIndex={0} role="group" aria-label="Turns">
        {wrong && <Empty title="The timeline cannot be shown">{wrong}</Empty>}
        {!turns && !wrong && <p role="status">Loading…</p>}
        <ol>
          {turns?.map((turn, index) => (
            <li key={index}>
              <p className="turn-head">
                <span className="num">{turn.number}</span> {turn.words ?? "A turn"}
                {turn.at && <time dateTime={turn.at}>{moment(turn.at)}</time>}
              </p>
              {(turn.path ?? []).map((hop, at) => (
                <p key={at} className="turn-hop">
                  <strong>{hop.widget}</strong> {hop.event && `→ ${hop.event}`} {hop.next && `→ ${hop.next}`}
                  {hop.reasons?.map((reason) => (
                    <span key={reason} className="fine">
                      {reason}
                    </span>
                  ))}
                </p>
              ))}
              {(turn.effect_words ?? []).map((effect, at) => (
                <p key={at} className="turn-effect">
                  {effect}
                </p>
              ))}
              <details>
                <summary>As programs read it</summary>
                <pre tabIndex={0}>{JSON.stringify(turn, null, 2)}</pre>
              </details>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
