package io.parley.loadtest.profile;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Parley that is driven.
public sealed interface Target {

  /// One that the run starts, with a Postgres of its own, and ends.
  ///
  /// @param jvm options before `-jar`
  /// @param settings `PARLEY_*` beside those that the run itself sets, which these replace
  record Embedded(Path jar, List<String> jvm, Map<String, String> settings) implements Target {

    public Embedded {
      jar = jar.normalize();
      jvm = List.copyOf(jvm);
      settings = Map.copyOf(settings);
    }
  }

  /// One that runs already, whose Twilio and Customer.io are the stand-ins, on fixed ports.
  ///
  /// @param database by JDBC; it is read when all is done, and asked for queue depths
  /// @param bearer the token of triggers
  /// @param smsSender the address that SMS come from
  /// @param whatsAppSender the address that WhatsApp messages come from
  /// @param invite the link by which an admin of the desk signs in, where there are agents
  /// @param policy the policy file that is in force there, by which the run is judged
  record Running(
      URI url,
      String database,
      String bearer,
      String smsSender,
      String whatsAppSender,
      Account twilio,
      Account customerIo,
      Optional<String> invite,
      Optional<Path> policy)
      implements Target {

    @Override
    public String toString() {
      return "Running[" + url + "]";
    }
  }

  /// What Parley shows a stand-in.
  ///
  /// @param id the account's or the site's
  record Account(String id, String secret) {

    @Override
    public String toString() {
      return "Account[" + id + "]";
    }
  }
}
