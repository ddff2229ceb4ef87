package io.parley.calls;

import io.parley.engine.Effect;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where functions run, which flows name by Twilio's URLs and sids. Tried in this order:
///
/// - `ZH...=https://functions.example.com/cart`: a function by its sid, with its whole URL;
/// - `https://old-1234.twil.io=https://functions.example.com`: what begins with one URL, at
///     another;
///   the longest that fits counts;
/// - `ZS...=https://functions.example.com`: a service by its sid, with the path of the flow's URL.
///
/// What is not named runs where the flow says, if that is an https URL.
///
/// @param places URLs without a slash at their end, by sid or by what a flow's URL begins with
public record FunctionPlaces(Map<String, String> places) {

  /// The setting, as refusals name it.
  public static final String SETTING = "PARLEY_FUNCTIONS";

  public static final FunctionPlaces AS_FLOWS_SAY = new FunctionPlaces(Map.of());

  private static final Pattern CLIMBING =
      Pattern.compile("(?i)(?:[/\\\\]|%2f|%5c)(?:\\.|%2e){2}(?:[/\\\\?#]|%2f|%5c|$)");

  private static final Pattern SID = Pattern.compile("Z[HS][0-9a-fA-F]{32}");

  public FunctionPlaces {
    places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
  }

  /// A URL and who chose it.
  record Place(String url, CallRequest.Chosen chosen) {}

  /// These places with one more; empty where the text is none.
  ///
  /// @param entry sid or URL, equals sign, URL
  public Optional<FunctionPlaces> with(String entry) {
    int equals = Math.max(entry.lastIndexOf("=http://"), entry.lastIndexOf("=https://"));
    if (equals < 1) {
      return Optional.empty();
    }
    String name = withoutSlash(entry.substring(0, equals).strip());
    String url = withoutSlash(entry.substring(equals + 1).strip());
    boolean named = SID.matcher(name).matches() || Target.parse(name).isPresent();
    boolean placed = Target.parse(url).filter(it -> it.userInfo().isEmpty()).isPresent();
    if (!named || !placed) {
      return Optional.empty();
    }
    Map<String, String> more = new LinkedHashMap<>(places);
    more.put(name, url);
    return Optional.of(new FunctionPlaces(more));
  }

  private static String withoutSlash(String url) {
    return url.replaceFirst("/+$", "");
  }

  /// Where a function runs; empty where nobody has said. A URL that climbs up its path might leave
  /// what configuration has opened to it, so it is nowhere.
  Optional<Place> find(Effect.Request.Function function) {
    if (climbs(function)) {
      return Optional.empty();
    }
    return configured(function)
        .map(url -> new Place(url, CallRequest.Chosen.BY_CONFIGURATION))
        .or(
            () ->
                Target.parse(function.url())
                    .filter(Target::secure)
                    .map(_ -> new Place(function.url(), CallRequest.Chosen.FUNCTION_BY_FLOW)));
  }

  static boolean climbs(Effect.Request.Function function) {
    return CLIMBING.matcher(function.url()).find();
  }

  private Optional<String> configured(Effect.Request.Function function) {
    return Optional.ofNullable(places.get(function.functionSid()))
        .or(() -> byPrefix(function.url()))
        .or(
            () ->
                Optional.ofNullable(places.get(function.serviceSid()))
                    .map(url -> url + path(function.url())));
  }

  private Optional<String> byPrefix(String url) {
    return places.keySet().stream()
        .filter(prefix -> !SID.matcher(prefix).matches() && beginsWith(url, prefix))
        .max(Comparator.comparingInt(String::length))
        .map(prefix -> places.get(prefix) + url.substring(prefix.length()));
  }

  /// Whole parts of the path only: `https://a.example` does not begin `https://a.example.org`.
  private static boolean beginsWith(String url, String prefix) {
    return url.startsWith(prefix)
        && (url.length() == prefix.length() || "/?".indexOf(url.charAt(prefix.length())) >= 0);
  }

  private static String path(String url) {
    return Target.parse(url).map(Target::path).filter(it -> !it.equals("/")).orElse("");
  }
}
