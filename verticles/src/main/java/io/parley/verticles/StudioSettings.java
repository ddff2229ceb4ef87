package io.parley.verticles;

import java.util.List;

/// How the Studio API is set up.
///
/// @param apiKeys who may use it besides the Twilio account
/// @param busy what an execution for a contact with an active one comes to
/// @param requestsPerSecond 0 for no limit
/// @param executionsPerSecond how many executions may begin a second by API or by a message that
///     comes in; 0 for no limit
record StudioSettings(
    List<StudioCredentials.Key> apiKeys,
    Busy busy,
    double requestsPerSecond,
    double executionsPerSecond) {

  StudioSettings {
    apiKeys = List.copyOf(apiKeys);
  }

  /// What an execution for a contact with an active one comes to.
  enum Busy {
    /// It is refused: 409, code 20409.
    CONFLICT,
    /// It ends the active one first.
    REPLACE
  }

  static StudioSettings read(SettingsReader reader) {
    String busy =
        reader.oneOf(
            SettingName.STUDIO_BUSY,
            it -> it.equals("conflict") || it.equals("replace"),
            "conflict or replace");
    return new StudioSettings(
        reader.secrets(SettingName.API_KEYS).orElse(List.of()).stream()
            .filter(reader::isApiKey)
            .map(pair -> pair.split(":", 2))
            .map(pair -> new StudioCredentials.Key(pair[0], pair[1]))
            .toList(),
        busy.equals("replace") ? Busy.REPLACE : Busy.CONFLICT,
        reader.atLeastZero(SettingName.STUDIO_REQUESTS_PER_SECOND),
        reader.atLeastZero(SettingName.INBOUND_EXECUTIONS_PER_SECOND));
  }
}
