package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.AppFunctions.Asker;
import io.parley.customerio.AppFunctions.Composed;
import io.parley.customerio.AppFunctions.Reading;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AppFunctionsTest {

  private static final AppFunctions FUNCTIONS =
      new AppFunctions(new AppApi(URI.create("https://api.customer.io"), "key"));

  private static final Asker JANE =
      new Asker(Optional.of("42"), Optional.of("jane@example.com"), Optional.of("+14155550142"));

  private static AppApi.Request ready(BuiltInFunction function, Values parameters, Asker asker) {
    return FUNCTIONS.compose(function, parameters, asker) instanceof Composed.Ready(var request)
        ? request
        : new AppApi.Request("", "", Map.of(), "");
  }

  private static String settled(BuiltInFunction function, Values parameters, Asker asker) {
    return FUNCTIONS.compose(function, parameters, asker) instanceof Composed.Settled(var answer)
        ? answer.status() + " " + answer.body()
        : "";
  }

  private static String read(BuiltInFunction function, int status, String body) {
    return switch (FUNCTIONS.read(
        function, Values.EMPTY, new Response(status, Map.of("retry-after", "7"), body))) {
      case Reading.Settled(var answer) -> answer.status() + " " + answer.body();
      case Reading.NotTaken(var reason, var _, var after) -> reason + " " + after.isPresent();
      case Reading.InDoubt _ -> "in doubt";
    };
  }

  @Test
  void whoIsNotNamedIsThePersonByWhatIsKnownOfThem() {
    assertThat(ready(BuiltInFunction.PROFILE, Values.EMPTY, JANE).url())
        .isEqualTo("https://api.customer.io/v1/customers/42/attributes?id_type=id");
    assertThat(ready(BuiltInFunction.PROFILE, Values.of("email", "a+b@example.com"), JANE).url())
        .isEqualTo(
            "https://api.customer.io/v1/customers/a%2Bb%40example.com/attributes?id_type=email");
    assertThat(settled(BuiltInFunction.PROFILE, Values.EMPTY, Asker.UNKNOWN))
        .startsWith("422 {\"found\":false,\"reason\":\"no_recipient\"");
  }

  @Test
  void anEmailNeedsAnAddressAndAMessage() {
    assertThat(settled(BuiltInFunction.EMAIL, Values.EMPTY, JANE))
        .contains("missing_parameter", "transactional_message_id");
    assertThat(
            settled(
                BuiltInFunction.EMAIL,
                Values.of("transactional_message_id", "cart"),
                new Asker(Optional.of("42"), Optional.empty(), Optional.empty())))
        .contains("no_recipient");
    assertThat(
            ready(
                    BuiltInFunction.EMAIL,
                    Values.of("transactional_message_id", "cart").with("to", "desk@example.com"),
                    JANE)
                .body())
        .isEqualTo(
            "{\"transactional_message_id\":\"cart\",\"to\":\"desk@example.com\","
                + "\"identifiers\":{\"id\":\"42\"},\"message_data\":{},"
                + "\"send_to_unsubscribed\":false}");
  }

  @Test
  void whatAFunctionDoesNotTakeIsRefusedBeforeAnythingLeaves() {
    assertThat(settled(BuiltInFunction.PROFILE, Values.of("nmae", "x"), JANE))
        .contains("unknown_parameter", "nmae");
    assertThat(settled(BuiltInFunction.BROADCAST, Values.of("broadcast_id", "../segments/1"), JANE))
        .contains("bad_parameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EMAIL     | 429 | rate_limited true",
        "EMAIL     | 500 | in doubt",
        "BROADCAST | 502 | in doubt",
        "PROFILE   | 500 | unavailable true",
      })
  void onlyWhatSurelyWasNotTakenMayBeAskedAgain(
      BuiltInFunction function, int status, String expected) {
    assertThat(read(function, status, "")).isEqualTo(expected);
  }

  @Test
  void aRefusalIsToldInItsWords() {
    assertThat(read(BuiltInFunction.EMAIL, 400, "{\"meta\":{\"error\":\"no such message\"}}"))
        .startsWith("400 {\"sent\":false,\"reason\":\"refused\"")
        .contains("no such message");
    assertThat(read(BuiltInFunction.EMAIL, 401, "")).contains("unauthorized", "key and region");
  }

  @ParameterizedTest
  @EnumSource
  void whereCustomerIoSendsUsElsewhereAFlowGoesOnAtFail(BuiltInFunction function) {
    assertThat(read(function, 302, "elsewhere"))
        .startsWith("502 ")
        .contains("refused", "(302): elsewhere");
  }

  /// What an identifier that was not encoded would get.
  @Test
  void anAnswerWithoutAPersonIsNobody() {
    assertThat(read(BuiltInFunction.PROFILE, 200, "{}")).startsWith("404 ").contains("not_found");
  }
}
