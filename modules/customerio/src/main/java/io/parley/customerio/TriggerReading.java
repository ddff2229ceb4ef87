package io.parley.customerio;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a Journey webhook's body turned out to be.
public sealed interface TriggerReading permits TriggerReading.Trigger, Unreadable {

  /// A request to run a flow with a person.
  ///
  /// @param flow the flow's name or sid, as sent
  /// @param phone the person's address in E.164, `whatsapp:+...` on WhatsApp
  /// @param from our sender, where the request names one; `whatsapp:+...` on WhatsApp
  /// @param parameters the whole payload, unknown fields too
  /// @param coolingOff how long ago the flow must have begun last for this person
  /// @param consents what the person has agreed to or taken back, to be kept as evidence
  record Trigger(
      String flow,
      Address phone,
      Optional<Address> from,
      Person person,
      RequestKey key,
      Instant occurredAt,
      Eligibility eligibility,
      Values parameters,
      Duration coolingOff,
      List<Consent> consents)
      implements TriggerReading {

    public Trigger {
      consents = List.copyOf(consents);
    }

    public Channel channel() {
      return phone.channel();
    }
  }

  /// The names that tell a repeat of a request from a new one.
  ///
  /// @param value `controls.idempotency_key`, else the delivery's key
  /// @param alias the delivery's key, where it is not the value already
  record RequestKey(String value, Optional<String> alias) {}

  /// What Customer.io decided about the person, which Parley obeys.
  ///
  /// @param suppressed nothing may be started
  /// @param cohort `controls.experiment_cohort`
  record Eligibility(
      boolean suppressed,
      List<String> reasons,
      Optional<String> cohort,
      Optional<String> frequencyCapKey) {

    public Eligibility {
      reasons = List.copyOf(reasons);
    }
  }
}
