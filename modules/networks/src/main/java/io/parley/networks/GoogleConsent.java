package io.parley.networks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the people whose data is sent have agreed to, which Google asks for those in the European
/// Economic Area. Without it Google may use nothing of theirs.
///
/// @param adUserData that data about them goes to Google for advertising; empty: not asked
/// @param adPersonalization that advertising to them may be personal; empty: not asked
public record GoogleConsent(Optional<State> adUserData, Optional<State> adPersonalization) {

  public static final GoogleConsent UNSPECIFIED =
      new GoogleConsent(Optional.empty(), Optional.empty());

  public enum State {
    GRANTED,
    DENIED
  }

  /// As the Google Ads API writes it; empty where nothing was asked.
  Map<String, Object> ofAdsApi() {
    return written("");
  }

  /// As the Data Manager API writes it; empty where nothing was asked.
  Map<String, Object> ofDataManager() {
    return written("CONSENT_");
  }

  private Map<String, Object> written(String prefix) {
    Map<String, Object> written = new LinkedHashMap<>();
    adUserData.ifPresent(state -> written.put("adUserData", prefix + state));
    adPersonalization.ifPresent(state -> written.put("adPersonalization", prefix + state));
    return written;
  }
}
