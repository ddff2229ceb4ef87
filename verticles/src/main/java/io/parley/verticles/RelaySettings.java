package io.parley.verticles;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where messages that Twilio posts here are passed on to.
///
/// @param url Customer.io's own webhook for them: `https://track.customer.io/inbound/sms`; empty
///     where nothing is passed on
/// @param perSecond how many at most
record RelaySettings(Optional<URI> url, double perSecond, Duration timeout) {

  static RelaySettings read(SettingsReader reader) {
    Optional<URI> url =
        reader
            .optional(SettingName.CUSTOMERIO_INBOUND_URL)
            .map(_ -> reader.url(SettingName.CUSTOMERIO_INBOUND_URL));
    url.filter(it -> isSameHost(it, reader.url(SettingName.PUBLIC_URL)))
        .ifPresent(
            it ->
                reader.refuse(
                    SettingName.CUSTOMERIO_INBOUND_URL,
                    it.toString(),
                    "Customer.io's URL, such as https://track.customer.io/inbound/sms, and not"
                        + " ours: messages would go round in a circle"));
    return new RelaySettings(
        url,
        reader.positive(SettingName.CUSTOMERIO_REQUESTS_PER_SECOND),
        reader.duration(SettingName.CUSTOMERIO_TIMEOUT));
  }

  private static boolean isSameHost(URI one, URI other) {
    return one.getHost() != null
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }
}
