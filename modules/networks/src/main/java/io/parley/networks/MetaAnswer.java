package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import java.util.Set;

/// What an answer of Meta's Graph API means.
///
/// ```
/// {"error": {"message": "Invalid parameter", "type": "OAuthException", "code": 100,
///            "error_subcode": 2804003, "is_transient": false, "error_user_title": "...",
///            "error_user_msg": "...", "fbtrace_id": "..."}}
/// ```
///
/// Source of the codes: Meta's "Handling Errors" and the errors of its Custom Audiences.
final class MetaAnswer {

  private static final long INVALID_PARAMETER = 100;

  /// From here on codes are of one product's checks: 2804050 and so on.
  private static final long FIRST_PRODUCT_CODE = 2_000_000;

  /// Invalid parameters that are not of the request's content: what is addressed is not there for
  /// us (33), or an audience is blocked until somebody appeals (1713230).
  private static final Set<Long> SETTINGS = Set.of(33L, 1713230L);

  /// The token, its rights, or the session that it was made in.
  private static final Set<Long> CREDENTIALS = Set.of(3L, 10L, 102L, 190L);

  private MetaAnswer() {}

  static Judgement judge(Response response) {
    Answer answer = Answer.of(response);
    if (answer.isSuccess()) {
      return new Judgement.Taken();
    }
    Values error = answer.json().object("error");
    if (answer.status() == 413) {
      return new Judgement.Faulty("Meta: the request is too large (413)");
    }
    if (error.isEmpty()) {
      return new Judgement.Later("Meta answered " + answer.status(), answer.retryAfter());
    }
    long code = Answer.number(error, "code").orElse(0L);
    String told = told(error, code);
    if (isOfTheContent(error, code)) {
      return new Judgement.Faulty(told);
    }
    boolean refusesUs = CREDENTIALS.contains(code) || (code >= 200 && code <= 299);
    return new Judgement.Later(
        refusesUs ? told + ": renew the token, or its rights to this dataset or audience" : told,
        answer.retryAfter());
  }

  private static boolean isOfTheContent(Values error, long code) {
    long subcode = Answer.number(error, "error_subcode").orElse(0L);
    return !error.flag("is_transient")
        && (code >= FIRST_PRODUCT_CODE
            || (code == INVALID_PARAMETER && !SETTINGS.contains(subcode)));
  }

  /// Meta's words for people, which say more than those for programs.
  private static String told(Values error, long code) {
    String message =
        error.text("error_user_msg").or(() -> error.text("message")).orElse("without a word");
    String subcode = Answer.number(error, "error_subcode").map(number -> "/" + number).orElse("");
    return "Meta (%d%s): %s".formatted(code, subcode, Answer.quoted(message));
  }
}
