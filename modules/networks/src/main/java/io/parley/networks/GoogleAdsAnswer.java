package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an answer of the Google Ads API to an upload means for each conversion.
///
/// ```
/// {"partialFailureError": {"code": 3, "message": "...", "details": [{
///    "@type": ".../google.ads.googleads.v26.errors.GoogleAdsFailure", "errors": [{
///       "errorCode": {"conversionUploadError": "EXPIRED_EVENT"}, "message": "...",
///       "location": {"fieldPathElements": [
///          {"fieldName": "conversions", "index": 0}]}}]}]}}
/// ```
///
/// Source of the codes: Google's ConversionUploadError and the errors that all its services share.
sealed interface GoogleAdsAnswer extends Meaning {

  /// About the request as a whole.
  record Whole(Judgement judgement) implements GoogleAdsAnswer {}

  /// About some of its conversions.
  ///
  /// @param named by place in the request
  /// @param unnamed what names none
  /// @param othersWereTaken whether the rest is with Google now
  record Parts(Map<Long, Verdict> named, Optional<Judgement> unnamed, boolean othersWereTaken)
      implements GoogleAdsAnswer {

    public Parts {
      named = Map.copyOf(named);
    }
  }

  /// Google has it, or has looked at it and no ad led to it: there is nothing to mend.
  Set<String> SETTLED =
      Set.of(
          "ORDER_ID_ALREADY_IN_USE",
          "CLICK_CONVERSION_ALREADY_EXISTS",
          "CLICK_NOT_FOUND",
          "EVENT_NOT_FOUND");

  /// Google takes these some hours later.
  Set<String> TOO_SOON = Set.of("TOO_RECENT_EVENT", "TOO_RECENT_CONVERSION_ACTION");

  Duration LATER = Duration.ofHours(1);

  /// Google's own trouble, and its limits.
  Set<String> PASSING =
      Set.of(
          "INTERNAL_ERROR",
          "TRANSIENT_ERROR",
          "DEADLINE_EXCEEDED",
          "CONCURRENT_MODIFICATION",
          "DUPLICATE_ORDER_ID",
          "DUPLICATE_CLICK_CONVERSION_IN_REQUEST",
          "RESOURCE_EXHAUSTED",
          "RESOURCE_TEMPORARILY_EXHAUSTED",
          "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION",
          "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION");

  /// What somebody has to mend at Google or in the settings, and what to do.
  Map<String, String> SETTINGS =
      Map.of(
          "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE",
          "Google lets new developer tokens send conversions by its Data Manager API alone",
          "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
          "accept the customer data terms in the conversion settings",
          "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
          "turn on enhanced conversions for leads in the conversion settings",
          "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
          "ask Google's representative",
          "NO_CONVERSION_ACTION_FOUND",
          "compare the conversion action's id and its account",
          "INVALID_CONVERSION_ACTION_TYPE",
          "name a conversion action of the kind UPLOAD_CLICKS",
          "UNAUTHORIZED_CUSTOMER",
          "compare the customer id and the manager account");

  static GoogleAdsAnswer of(Response response) {
    Answer answer = Answer.of(response);
    if (answer.isSuccess() && !answer.isJson()) {
      return new Whole(
          Judgement.later("Google Ads answered what cannot be read, and may have refused a part"));
    }
    if (answer.isSuccess()) {
      Values failure = answer.json().object("partialFailureError");
      return failure.isEmpty() ? new Whole(new Judgement.Taken()) : parts(failure, true, answer);
    }
    Values error = answer.json().object("error");
    return switch (answer.status()) {
      case 400 -> parts(error, false, answer);
      case 401, 403 ->
          new Whole(
              Judgement.later(
                  "Google Ads refuses us (%d): %s: renew the credentials, or their rights to this account"
                      .formatted(answer.status(), told(error))));
      case 413 -> new Whole(new Judgement.Faulty("Google Ads: the request is too large (413)"));
      default ->
          new Whole(
              new Judgement.Later("Google Ads answered " + answer.status(), answer.retryAfter()));
    };
  }

  private static GoogleAdsAnswer parts(Values status, boolean othersWereTaken, Answer answer) {
    Map<Long, Verdict> named = new HashMap<>();
    List<Judgement> unnamed = new ArrayList<>();
    for (Values error : errors(status)) {
      Optional<Long> place = place(error);
      if (place.isPresent()) {
        named.merge(place.get(), verdict(error), GoogleAdsAnswer::graver);
      } else {
        unnamed.add(judgement(error));
      }
    }
    if (named.isEmpty() && unnamed.isEmpty()) {
      String told = "Google Ads (%d): %s".formatted(answer.status(), told(status));
      return new Whole(
          status.isEmpty()
              ? Judgement.later("Google Ads answered " + answer.status())
              : new Judgement.Faulty(told));
    }
    // Settings are to be mended first: until then nothing shows which conversion is at fault.
    Optional<Judgement> gravest =
        unnamed.stream()
            .filter(Judgement.Later.class::isInstance)
            .findFirst()
            .or(() -> unnamed.stream().findFirst());
    return new Parts(named, gravest, othersWereTaken);
  }

  private static List<Values> errors(Values status) {
    return Answer.objects(status, "details").stream()
        .flatMap(detail -> Answer.objects(detail, "errors").stream())
        .toList();
  }

  /// The place in the request that an error is about.
  private static Optional<Long> place(Values error) {
    return Answer.objects(error.object("location"), "fieldPathElements").stream()
        .filter(element -> element.text("fieldName").filter("conversions"::equals).isPresent())
        .flatMap(element -> Answer.number(element, "index").stream())
        .findFirst();
  }

  private static String code(Values error) {
    return error.object("errorCode").entries().values().stream()
        .findFirst()
        .map(Object::toString)
        .orElse("");
  }

  private static Judgement judgement(Values error) {
    String code = code(error);
    String told = told(error);
    String remedy = SETTINGS.get(code);
    if (remedy != null) {
      return Judgement.later("Google Ads (%s): %s".formatted(code, remedy));
    }
    String said = "Google Ads (%s): %s".formatted(code, told);
    if (TOO_SOON.contains(code)) {
      return new Judgement.Later(said, Optional.of(LATER));
    }
    if (PASSING.contains(code)) {
      return Judgement.later(said);
    }
    return SETTLED.contains(code) ? new Judgement.Taken() : new Judgement.Faulty(said);
  }

  private static Verdict verdict(Values error) {
    return judgement(error).verdicts(1).getFirst();
  }

  /// Of two that Google has against one conversion, the one that decides: what somebody can mend
  /// before what nobody can, since only then is it known whether the rest is right.
  private static Verdict graver(Verdict one, Verdict other) {
    return Stream.of(one, other)
        .filter(Verdict.Retry.class::isInstance)
        .findFirst()
        .or(() -> Stream.of(one, other).filter(Verdict.Refused.class::isInstance).findFirst())
        .orElse(one);
  }

  private static String told(Values error) {
    return Answer.quoted(error.text("message").orElse("without a word"));
  }

  @Override
  default List<Verdict> verdicts(int count) {
    return switch (this) {
      case Whole(Judgement judgement) -> judgement.verdicts(count);
      case Parts(Map<Long, Verdict> named, var unnamed, boolean othersWereTaken) -> {
        List<Verdict> verdicts = new ArrayList<>(others(count, unnamed, othersWereTaken));
        named.forEach(
            (place, verdict) -> {
              if (place >= 0 && place < count) {
                verdicts.set(place.intValue(), verdict);
              }
            });
        yield verdicts;
      }
    };
  }

  private static List<Verdict> others(
      int count, Optional<Judgement> unnamed, boolean othersWereTaken) {
    return unnamed
        .orElseGet(
            () ->
                othersWereTaken
                    ? new Judgement.Taken()
                    : Judgement.later(
                        "Google Ads refused the request for another of its conversions"))
        .verdicts(count);
  }

  @Override
  default boolean blamesTheWhole(int count) {
    return switch (this) {
      case Whole(Judgement judgement) -> judgement.blamesTheWhole(count);
      case Parts(var named, var unnamed, _) ->
          named.isEmpty() && unnamed.filter(it -> it.blamesTheWhole(count)).isPresent();
    };
  }
}
