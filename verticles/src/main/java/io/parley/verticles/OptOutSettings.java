package io.parley.verticles;

import io.parley.customerio.AppApi;
import io.parley.customerio.OptOutLever;
import io.parley.customerio.OptOutPreferences;
import io.parley.customerio.Region;
import io.parley.customerio.SenderOptOuts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How opt-outs are carried out in Customer.io, and compared with it.
///
/// @param api empty without an App API key
/// @param levers in the order in which they were named
/// @param pace half of the App API's rate: the other half is the comparison's
/// @param reconcile how often all opt-outs are compared; empty for never
record OptOutSettings(
    Optional<AppApi> api,
    List<OptOutLever> levers,
    SinkCourier.Pace pace,
    Optional<Duration> reconcile) {

  private static final String OFF = "off";

  OptOutSettings {
    levers = List.copyOf(levers);
  }

  /// Whether opt-outs go to the list by sender.
  boolean lists() {
    return api.isPresent() && levers.contains(new OptOutLever.SenderList());
  }

  /// The levers that are attributes of the person.
  List<OptOutLever> attributes() {
    return levers.stream().filter(it -> !(it instanceof OptOutLever.SenderList)).toList();
  }

  /// The names of the destinations that carry them out.
  Set<String> destinations() {
    Set<String> names = new HashSet<>();
    if (lists()) {
      names.add(SenderOptOuts.DESTINATION);
    }
    if (!attributes().isEmpty()) {
      names.add(OptOutPreferences.DESTINATION);
    }
    return names;
  }

  static OptOutSettings read(SettingsReader reader) {
    Optional<String> key = reader.secret(SettingName.CUSTOMERIO_APP_KEY);
    Optional<AppApi> api = key.map(it -> new AppApi(url(reader), it));
    List<OptOutLever> levers = levers(reader);
    boolean isDefault =
        reader
            .text(SettingName.CUSTOMERIO_OPT_OUT)
            .equals(SettingName.CUSTOMERIO_OPT_OUT.fallback());
    if (api.isEmpty() && !isDefault && levers.contains(new OptOutLever.SenderList())) {
      reader.refuse(
          SettingName.CUSTOMERIO_OPT_OUT,
          "optouts",
          "possible without PARLEY_CUSTOMERIO_APP_KEY; set that too");
    }
    OptOutSettings settings =
        new OptOutSettings(
            api,
            levers,
            new SinkCourier.Pace(
                reader.positive(SettingName.CUSTOMERIO_APP_REQUESTS_PER_SECOND) / 2,
                reader.duration(SettingName.CUSTOMERIO_TIMEOUT),
                Duration.ZERO,
                reader.duration(SettingName.CUSTOMERIO_LONGEST_PAUSE)),
            reconcile(reader));
    if (!settings.attributes().isEmpty()
        && reader.optional(SettingName.CUSTOMERIO_SITE_ID).isEmpty()) {
      reader.refuse(
          SettingName.CUSTOMERIO_OPT_OUT,
          reader.text(SettingName.CUSTOMERIO_OPT_OUT),
          "possible without PARLEY_CUSTOMERIO_SITE_ID; only optouts is");
    }
    return settings;
  }

  private static URI url(SettingsReader reader) {
    Region region = reader.text(SettingName.CUSTOMERIO_REGION).equals("eu") ? Region.EU : Region.US;
    return reader
        .optional(SettingName.CUSTOMERIO_APP_URL)
        .map(_ -> reader.url(SettingName.CUSTOMERIO_APP_URL))
        .orElseGet(() -> URI.create(region.appUrl()));
  }

  private static List<OptOutLever> levers(SettingsReader reader) {
    List<OptOutLever> levers = new ArrayList<>();
    for (String word : reader.texts(SettingName.CUSTOMERIO_OPT_OUT)) {
      OptOutLever.parse(word)
          .ifPresentOrElse(
              levers::add,
              () ->
                  reader.refuse(
                      SettingName.CUSTOMERIO_OPT_OUT,
                      word,
                      "optouts, unsubscribed, channel:sms or topic:7"));
    }
    return levers;
  }

  private static Optional<Duration> reconcile(SettingsReader reader) {
    return reader.text(SettingName.OPT_OUT_RECONCILE).equals(OFF)
        ? Optional.empty()
        : Optional.of(reader.duration(SettingName.OPT_OUT_RECONCILE));
  }
}
