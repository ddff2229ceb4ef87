package io.parley.customerio;

import io.parley.engine.policy.Consent;
import java.util.List;

/// What a reporting webhook of Customer.io turned out to tell. None of it is an error to the
/// sender: Customer.io holds back all later reports until one is taken, for up to seven days.
public sealed interface ReportReading {

  /// A person's subscription changed.
  ///
  /// @param id the event's own id; a second event with it is a repeat
  /// @param externalIds by which the person may be known here: the id, and without one the e-mail
  ///     address and the `cio_id`; at least one
  /// @param consents what was granted and taken back, of each of the ids
  record SubscriptionChanged(String id, List<String> externalIds, List<Consent> consents)
      implements ReportReading {

    public SubscriptionChanged {
      externalIds = List.copyOf(externalIds);
      consents = List.copyOf(consents);
    }
  }

  /// Something else happened, which changes no consent: `email_opened`.
  record Beside(String metric) implements ReportReading {}

  /// It cannot be used.
  ///
  /// @param reason as metrics carry it: `not_json`, `nameless`, `nobody`, `no_content`
  /// @param sentence what an operator can act on
  record Unusable(String reason, String sentence) implements ReportReading {}
}
