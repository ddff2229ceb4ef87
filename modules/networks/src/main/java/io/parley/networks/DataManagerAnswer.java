package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an answer of Google's Data Manager API means. One item that is not as it should be fails
/// all of a request.
///
/// ```
/// {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "...", "details": [
///    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "INVALID_ARGUMENT"},
///    {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
///       {"field": "events.events[3].currency", "description": "...",
///        "reason": "INVALID_CURRENCY_CODE"}]}]}}
/// ```
///
/// Source of the reasons: Google's ErrorReason.
///
/// @param judgement of the request as a whole; of those that are not named, where some are
/// @param named what is wrong with an item, by its place
record DataManagerAnswer(Judgement judgement, Map<Integer, String> named) implements Meaning {

  /// What somebody has to mend at Google or in the settings.
  private static final Set<String> SETTINGS =
      Set.of(
          "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
          "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED",
          "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
          "INVALID_CONVERSION_ACTION_ID",
          "INVALID_CONVERSION_ACTION_TYPE",
          "INVALID_DESTINATION",
          "INVALID_USER_LIST_ID",
          "INVALID_USER_LIST_TYPE",
          "NOT_FOUND",
          "PERMISSION_DENIED",
          "TERMS_AND_CONDITIONS_NOT_SIGNED");

  DataManagerAnswer {
    named = Map.copyOf(named);
  }

  /// @param list the request's field that holds its items
  static DataManagerAnswer of(Response response, String list) {
    Answer answer = Answer.of(response);
    if (answer.isSuccess()) {
      return whole(new Judgement.Taken());
    }
    Values error = answer.json().object("error");
    return switch (answer.status()) {
      case 400 -> badRequest(error, list);
      case 401, 403, 404 ->
          whole(
              Judgement.later(
                  "Google refuses us (%d): %s: compare the credentials, their scope, and the accounts"
                      .formatted(answer.status(), told(error))));
      case 413 -> whole(new Judgement.Faulty("Google: the request is too large (413)"));
      default ->
          whole(new Judgement.Later("Google answered " + answer.status(), answer.retryAfter()));
    };
  }

  private static DataManagerAnswer badRequest(Values error, String list) {
    if (error.isEmpty()) {
      return whole(Judgement.later("Google answered 400"));
    }
    Pattern place = Pattern.compile("(?:^|[.])" + list + "\\[([0-9]{1,9})]");
    Map<Integer, String> named = new TreeMap<>();
    for (Values violation : violations(error)) {
      String reason = violation.text("reason").orElse("");
      String told = "Google (%s): %s".formatted(reason, violated(violation));
      if (SETTINGS.contains(reason)) {
        return whole(Judgement.later(told));
      }
      Matcher matcher = place.matcher(violation.text("field").orElse(""));
      if (matcher.find()) {
        named.merge(Integer.parseInt(matcher.group(1)), told, (one, other) -> one + "; " + other);
      }
    }
    if (!named.isEmpty()) {
      return new DataManagerAnswer(
          Judgement.later("Google refused the request for another of its items"), named);
    }
    String reason =
        Answer.objects(error, "details").stream()
            .flatMap(detail -> detail.text("reason").stream())
            .findFirst()
            .orElse("");
    String told = "Google (%s): %s".formatted(reason, told(error));
    return whole(SETTINGS.contains(reason) ? Judgement.later(told) : new Judgement.Faulty(told));
  }

  private static List<Values> violations(Values error) {
    return Answer.objects(error, "details").stream()
        .flatMap(detail -> Answer.objects(detail, "fieldViolations").stream())
        .toList();
  }

  private static String violated(Values violation) {
    return Answer.quoted(
        "%s %s"
            .formatted(
                violation.text("field").orElse(""), violation.text("description").orElse("")));
  }

  private static String told(Values error) {
    return Answer.quoted(error.text("message").orElse("without a word"));
  }

  private static DataManagerAnswer whole(Judgement judgement) {
    return new DataManagerAnswer(judgement, Map.of());
  }

  @Override
  public List<Verdict> verdicts(int count) {
    List<Verdict> verdicts = new ArrayList<>(judgement.verdicts(count));
    named.forEach(
        (place, why) -> {
          if (place < count) {
            verdicts.set(place, new Verdict.Refused(why));
          }
        });
    return verdicts;
  }

  @Override
  public boolean blamesTheWhole(int count) {
    return judgement.blamesTheWhole(count);
  }
}
