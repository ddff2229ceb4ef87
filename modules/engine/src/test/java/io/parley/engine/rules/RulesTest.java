package io.parley.engine.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.flow.FlowProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

  private static final Values TRAITS =
      values(
          "{'country': 'us', 'plan': 'pro', 'orders': 3, 'tags': ['vip', 'early'], 'firstName': 'Jane',"
              + " 'experiment': 'b', 'address': {'postalCode': '94107'}, 'empty': ''}");

  private static final Values PROPERTIES =
      values(
          "{'total': 82.5, 'code': 'SAVE', 'count': '3', 'gift': false,"
              + " 'items': [{'name': 'Day cream'}, {'name': 'Soap'}]}");

  // ---- when

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'track': 'Checkout Abandoned'}; true",
        "{'track': 'checkout_abandoned'}; true",
        "{'track': ['Cart Abandoned', 'CHECKOUT-ABANDONED']}; true",
        "{'track': 'Checkout Started'}; false",
        "{'page': 'Checkout Abandoned'}; false",
        "{'trait': 'plan', 'becomes': 'pro'}; false"
      })
  void anEventSetsOffTheRulesThatNameIt(String when, boolean expected) {
    assertThat(rule("'when': " + when).judge(track())).hasSize(expected ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'trait': 'plan'}; true",
        "{'trait': 'plan', 'becomes': 'PRO'}; true",
        "{'trait': 'plan', 'becomes': ['team', 'pro']}; true",
        "{'trait': 'plan', 'becomes': 'free'}; false",
        "{'trait': 'plan', 'becomes': 'pro', 'was': 'free'}; true",
        "{'trait': 'plan', 'becomes': 'pro', 'was': ['team']}; false",
        "{'trait': 'orders', 'becomes': '3'}; true",
        "{'trait': 'orders', 'was': 2}; false",
        "{'trait': 'country', 'becomes': 'us'}; false",
        "{'trait': 'gone'}; false"
      })
  void aChangeOfATraitSetsARuleOff(String when, boolean expected) {
    Occasion occasion =
        new Occasion(
            "identify",
            "",
            "shop",
            values("{'type': 'identify', 'userId': '42'}"),
            TRAITS,
            Map.of("plan", Optional.of("free"), "orders", Optional.empty()),
            AT);

    assertThat(rule("'when': " + when).judge(occasion)).hasSize(expected ? 1 : 0);
  }

  // ---- where

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'properties.total': 82.50}; true",
        "{'properties.total': '82.5'}; true",
        "{'properties.total': {'at_least': 82.5}}; true",
        "{'properties.total': {'above': 82.5}}; false",
        "{'properties.total': {'at_least': 50, 'below': 80}}; false",
        "{'properties.count': {'at_most': 3}}; true",
        "{'properties.code': {'at_least': 1}}; false",
        "{'properties.code': 'save'}; true",
        "{'properties.code': {'not': {'equals': 'SAVE'}}}; false",
        "{'properties.code': {'not': 'STAFF'}}; true",
        "{'properties.code': {'not': ['SAVE', 'STAFF']}}; false",
        "{'properties.code': {'begins': 'sa'}}; true",
        "{'properties.code': {'contains': 'av'}}; true",
        "{'properties.gift': false}; true",
        "{'properties.gift': true}; false",
        "{'properties.items.1.name': 'soap'}; true",
        "{'properties.items.2.name': {'exists': true}}; false",
        "{'properties.missing': {'exists': false}}; true",
        "{'properties.missing': {'not': 'x'}}; true",
        "{'properties.missing': 'x'}; false",
        "{'properties.missing': {'below': 5}}; false",
        "{'traits.country': ['US', 'CA']}; true",
        "{'traits.country': {'in': ['GB']}}; false",
        "{'traits.tags': {'contains': 'VIP'}}; true",
        "{'traits.tags': {'contains': 'vi'}}; false",
        "{'traits.empty': {'exists': true}}; false",
        "{'traits.address.postalCode': {'begins': 941}}; true",
        "{'context.ip': '8.8.8.8'}; true",
        "{'source': 'shop'}; true",
        "{'source': ['site', 'app']}; false",
        "{'userId': {'exists': true}, 'anonymousId': {'exists': false}}; true",
        "{'any': [{'traits.plan': 'free'}, {'traits.orders': {'at_least': 3}}]}; true",
        "{'any': [{'traits.plan': 'free'}, {'traits.orders': {'at_least': 4}}]}; false",
        "{'none': [{'traits.plan': 'free'}, {'traits.orders': 4}]}; true",
        "{'none': [{'traits.plan': 'pro', 'traits.orders': 3}]}; false",
        "{'none': [{'traits.plan': 'pro', 'traits.orders': 4}]}; true",
        "{'any': [{'any': [{'traits.plan': 'pro'}]}], 'properties.total': 82.5}; true"
      })
  void conditionsHoldTogether(String where, boolean expected) {
    assertThat(rule("'where': " + where).judge(track())).hasSize(expected ? 1 : 0);
  }

  // ---- start

  @Test
  void theFlowReadsTheEventThePersonAndTheParameters() {
    Rule.Match match =
        rule("""
                'start': {'flow': 'cart', 'cohort': '{{traits.experiment}}', 'programme': 'cart',
                  'frequency_cap': 'cart-{{event.properties.code}}', 'purchase_check': false,
                  'parameters': {
                    'code': '{{event.properties.code}}', 'total': '{{ event.properties.total }}',
                    'items': '{{event.properties.items}}', 'nothing': '{{event.properties.none}}',
                    'text': 'Save {{event.properties.total | round}} with {{event.properties.code}}',
                    'fixed': 3, 'list': ['{{traits.plan}}', true], 'deep': {'plan': '{{traits.plan}}'}}}
                """)
            .judge(track())
            .getFirst();

    Values data = match.data();
    assertThat(data.text("event")).contains("Checkout Abandoned");
    assertThat(data.object("properties").text("code")).contains("SAVE");
    assertThat(data.text("userId")).contains("42");
    assertThat(data.text("rule")).contains("rule");
    assertThat(data.object("traits").text("plan")).contains("pro");
    assertThat(data.object("customer"))
        .isEqualTo(
            Values.of("email", "j@b.c")
                .with("first_name", "Jane")
                .with("postal_code", "94107")
                .with("country", "us")
                .with("external_id", "42"));
    assertThat(data.object("controls"))
        .isEqualTo(
            Values.of("experiment_cohort", "b")
                .with("programme", "cart")
                .with("frequency_cap_key", "cart-SAVE")
                .with("after_purchase", true));
    assertThat(data.entries())
        .containsEntry("code", "SAVE")
        .containsEntry("total", 82.5)
        .containsEntry("items", PROPERTIES.entries().get("items"))
        .doesNotContainKey("nothing")
        .containsEntry("text", "Save 83 with SAVE")
        .containsEntry("fixed", 3L)
        .containsEntry("list", List.of("pro", true))
        .containsEntry("deep", Map.of("plan", "pro"));
    assertThat(match.warnings()).isEmpty();
    assertThat(match.person())
        .isEqualTo(
            new Person(
                Optional.of("42"),
                Values.of("email", "j@b.c")
                    .with("first_name", "Jane")
                    .with("postal_code", "94107")
                    .with("country", "us")));
  }

  @Test
  void whatNobodySaysHasADefault() {
    Start start = rule("").rules().getFirst().start();

    assertThat(start.channel()).isEqualTo(Channel.SMS);
    assertThat(start.from()).isEmpty();
    assertThat(start.coolingOff()).isEqualTo(Duration.ofMinutes(1));
    assertThat(start.purchaseCheck()).isTrue();
    assertThat(start.within()).isEqualTo(Duration.ofDays(3));
    assertThat(rule("").judge(track()).getFirst().data().object("controls"))
        .isEqualTo(Values.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "'from': '+15550001111', +15550001111, SMS",
    "'from': 'whatsapp:+15550001111', whatsapp:+15550001111, WHATSAPP",
    "'from': '+15550001111' 'channel': 'whatsapp', whatsapp:+15550001111, WHATSAPP",
    "'from': 55512, 55512, SMS",
    "'from': 'MG00000000000000000000000000000001', MG00000000000000000000000000000001, SMS"
  })
  void aSenderBelongsToItsChannel(String told, String from, Channel channel) {
    Start start =
        rule("'start': {'flow': 'cart', " + told.replace("' '", "', '") + "}")
            .rules()
            .getFirst()
            .start();

    assertThat(start.from()).contains(new Address(from));
    assertThat(start.channel()).isEqualTo(channel);
  }

  @Test
  void whatHappenedTooLongAgoIsStale() {
    Rule.Match match = rule("'start': {'flow': 'cart', 'within': '2h'}").judge(track()).getFirst();

    assertThat(match.isStale(AT.plus(Duration.ofHours(2)))).isFalse();
    assertThat(match.isStale(AT.plus(Duration.ofHours(2)).plusMillis(1))).isTrue();
  }

  @Test
  void everyRuleThatMatchesIsSetOffInOrder() {
    Rules rules =
        read(
            """
            {'rules': [
              {'name': 'one', 'when': {'track': 'Checkout Abandoned'}, 'start': {'flow': 'a'}},
              {'name': 'two', 'when': {'track': 'Other'}, 'start': {'flow': 'b'}},
              {'name': 'three', 'when': {'track': 'Checkout Abandoned'}, 'start': {'flow': 'c'}}]}
            """);

    assertThat(rules.judge(track()))
        .extracting(it -> it.rule().name())
        .containsExactly("one", "three");
    assertThat(read("{}").judge(track())).isEmpty();
    assertThat(Rules.NONE.judge(track())).isEmpty();
  }

  // ---- what is wrong

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'when': null; #/rules/0/when",
        "'when': {}; #/rules/0/when",
        "'when': 'Checkout Abandoned'; #/rules/0/when",
        "'when': {'track': 'A', 'page': 'B'}; #/rules/0/when",
        "'when': {'track': '--'}; #/rules/0/when/track",
        "'when': {'track': []}; #/rules/0/when/track",
        "'when': {'track': ['A', {}]}; #/rules/0/when/track/1",
        "'when': {'track': 'A', 'becomes': 'b'}; #/rules/0/when/becomes",
        "'when': {'event': 'A'}; #/rules/0/when/event",
        "'when': {'trait': ''}; #/rules/0/when/trait",
        "'when': {'trait': 'a', 'becomes': {}}; #/rules/0/when/becomes",
        "'where': []; #/rules/0/where",
        "'where': {'total': 5}; #/rules/0/where/total",
        "'where': {'properties.': 5}; #/rules/0/where/properties.",
        "'where': {'properties': 5}; #/rules/0/where/properties",
        "'where': {'userId.x': 5}; #/rules/0/where/userId.x",
        "'where': {'traits.a': null}; #/rules/0/where/traits.a",
        "'where': {'traits.a': []}; #/rules/0/where/traits.a",
        "'where': {'traits.a': {'more_than': 5}}; #/rules/0/where/traits.a/more_than",
        "'where': {'traits.a': {'at_least': 'five'}}; #/rules/0/where/traits.a/at_least",
        "'where': {'traits.a': {'exists': 'yes'}}; #/rules/0/where/traits.a/exists",
        "'where': {'traits.a': {'equals': {}}}; #/rules/0/where/traits.a/equals",
        "'where': {'any': {}}; #/rules/0/where/any",
        "'where': {'any': [{'x': 1}]}; #/rules/0/where/any/0/x",
        "'start': null; #/rules/0/start",
        "'start': {}; #/rules/0/start/flow",
        "'start': {'flow': 'a', 'chanel': 'sms'}; #/rules/0/start/chanel",
        "'start': {'flow': 'a', 'channel': 'email'}; #/rules/0/start/channel",
        "'start': {'flow': 'a', 'channel': 'sms', 'from': 'whatsapp:+15550001111'}; #/rules/0/start/channel",
        "'start': {'flow': 'a', 'from': 'ACME'}; #/rules/0/start/from",
        "'start': {'flow': 'a', 'cooling_off': '40d'}; #/rules/0/start/cooling_off",
        "'start': {'flow': 'a', 'cooling_off': 60}; #/rules/0/start/cooling_off",
        "'start': {'flow': 'a', 'within': '0'}; #/rules/0/start/within",
        "'start': {'flow': 'a', 'purchase_check': 'no'}; #/rules/0/start/purchase_check",
        "'start': {'flow': 'a', 'parameters': []}; #/rules/0/start/parameters",
        "'start': {'flow': 'a', 'parameters': {'x': '{{event.properties'}}; #/rules/0/start/parameters/x",
        "'start': {'flow': 'a', 'parameters': {'x': ['{{properties.code}}']}}; #/rules/0/start/parameters/x/0",
        "'start': {'flow': 'a', 'parameters': {'controls': 1}}; #/rules/0/start/parameters/controls",
        "'start': {'flow': 'a', 'cohort': {}}; #/rules/0/start/cohort",
        "'then': {}; #/rules/0/then"
      })
  void whatIsWrongIsNamedByItsPlace(String part, String place) {
    List<FlowProblem> problems = problems("{'rules': [" + written(part) + "]}");

    assertThat(problems).extracting(FlowProblem::propertyPath).contains(place);
    assertThat(problems).allMatch(it -> !it.message().isBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'rules': {}}", "{'rule': []}", "{'rules': [null]}", "{'rules': ['a']}", "7"})
  void whatIsNoListOfRulesIsTold(String tree) {
    assertThat(problems(tree)).isNotEmpty();
  }

  @Test
  void twoRulesOfOneNameAreTold() {
    assertThat(problems("{'rules': [" + written("") + "," + written("") + "]}"))
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/rules/1/name");
    assertThat(problems("{'rules': [" + written("'name': 'Not So'") + "]}"))
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/rules/0/name");
  }

  // ---- what is read

  private static Occasion track() {
    return new Occasion(
        "track",
        "Checkout Abandoned",
        "shop",
        values(
                "{'type': 'track', 'event': 'Checkout Abandoned', 'userId': '42', 'messageId': 'm1'}")
            .with("properties", PROPERTIES)
            .with(
                "context",
                values("{'ip': '8.8.8.8', 'traits': {'email': 'j@b.c', 'country': 'ca'}}")),
        TRAITS,
        Map.of(),
        AT);
  }

  private static String written(String part) {
    StringBuilder rule = new StringBuilder("{" + part);
    for (String usual :
        List.of(
            "'name': 'rule'",
            "'when': {'track': 'Checkout Abandoned'}",
            "'start': {'flow': 'cart'}")) {
      if (!part.startsWith(usual.substring(0, usual.indexOf(':')))) {
        rule.append(rule.length() == 1 ? "" : ", ").append(usual);
      }
    }
    return rule.append("}").toString();
  }

  private static Rules rule(String part) {
    return read("{'rules': [" + written(part.strip()) + "]}");
  }

  private static Rules read(String tree) {
    return switch (Rules.read(tree(tree))) {
      case Rules.Reading.Valid(Rules rules) -> rules;
      case Rules.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<FlowProblem> problems(String tree) {
    return switch (Rules.read(tree(tree))) {
      case Rules.Reading.Valid(Rules rules) -> throw new AssertionError(rules);
      case Rules.Reading.Invalid(var problems) -> problems;
    };
  }

  /// JSON with single quotes. Null entries are kept, as files have them.
  private static Object tree(String written) {
    String json = written.replace('\'', '"').replace("null", "\"<null>\"");
    return restored(Json.parse(json).orElseThrow());
  }

  @SuppressWarnings("NullAway") // trees of files hold nulls
  private static Object restored(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = new java.util.LinkedHashMap<>();
        map.forEach((key, each) -> copy.put(String.valueOf(key), restored(each)));
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new java.util.ArrayList<>();
        list.forEach(each -> copy.add(restored(each)));
        yield copy;
      }
      case String text when text.equals("<null>") -> null;
      default -> value;
    };
  }

  @SuppressWarnings("unchecked") // an object of JSON
  private static Values values(String written) {
    return new Values((Map<String, Object>) Json.parse(written.replace('\'', '"')).orElseThrow());
  }
}
