import { useEffect } from "react";
import type { OfferToMe } from "../api";
import { named } from "../lib/keys";
import { useNow } from "../lib/now";
import { countdown } from "../lib/time";
import { acceptOffer, declineOffer, dropOffer, useDesk } from "../state";
import { Avatar, channelName, nameOfRow } from "./Bits";

/** What the queue offers to this agent, each with the time that is left to say yes. */
export function Offers() {
  const offers = useDesk((desk) => desk.offers);
  if (offers.length === 0) return null;
  return (
    <section className="offers" aria-label="Offered to you">
      {offers.map((offer) => (
        <OneOffer key={offer.handoff} offer={offer} />
      ))}
    </section>
  );
}

function OneOffer({ offer }: { offer: OfferToMe }) {
  const now = useNow();
  const left = Date.parse(offer.expires_at) - now;
  const gone = left <= 0;
  useEffect(() => {
    if (gone) dropOffer(offer);
  }, [gone, offer]);
  const name = nameOfRow(offer.row);
  return (
    <div className="offer">
      <Avatar name={name} hue={offer.row.id} />
      <p className="offer-words">
        <strong>{name}</strong> is offered to you
        <span>
          {channelName(offer.row.channel)}
          {offer.row.topic && `, ${offer.row.topic}`}: {offer.row.snippet}
        </span>
      </p>
      <span className="offer-left" role="timer" aria-label="Time left to accept">
        {countdown(left)}
      </span>
      <button type="button" className="primary" title={named("Alt+Y")} onClick={() => void acceptOffer(offer)}>
        Accept
      </button>
      <button type="button" title={named("Alt+N")} onClick={() => void declineOffer(offer)}>
        Decline
      </button>
    </div>
  );
}
