package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules.Reading;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.hours.Calendars;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeskRulesTest {

  private static final String BILLING =
      "{'topics': {'billing': {'skills': ['billing'], 'priority': 5, 'weight': 2}, 'care': {}},"
          + " 'routing': [%s]}";

  @Test
  void aFileThatSaysNothingHasOneTopicForWhateverComes() {
    DeskRules rules = read("{}");

    assertThat(rules.place(request()).topic().name()).isEqualTo("general");
    assertThat(rules.agents()).isEqualTo(Staffing.DEFAULT);
    assertThat(rules.texts().phrases()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'reason': 'tag:complaint'}; true",
        "{'reason': ['widget', 'tag:complaint']}; true",
        "{'reason': 'widget'}; false",
        "{'channel': 'whatsapp'}; true",
        "{'tag': 'shipping'}; true",
        "{'tag': 'size_help'}; false",
        "{'tag': {'not': 'size_help'}}; true",
        "{'language': {'begins': 'pt'}}; true",
        "{'person.plan': 'pro'}; true",
        "{'person.plan': {'exists': false}}; false",
        "{'attributes.order.total': {'at_least': 50}}; true",
        "{'attributes.order.total': {'above': 80}}; false",
        "{'attributes.labels': {'contains': 'vip'}}; true",
        "{'data.commerce.currency': 'usd'}; true",
        "{'flow': 'cart', 'widget': 'person'}; true",
        "{'priority': {'below': 1}}; false",
        "{}; true"
      })
  void aRouteMatchesWhatIsLikeThat(String when, boolean expected) {
    DeskRules rules = read(BILLING.formatted("{'when': " + when + ", 'topic': 'billing'}"));

    assertThat(rules.place(request()).topic().name()).isEqualTo(expected ? "billing" : "care");
  }

  @Test
  void theFirstRouteThatMatchesCounts() {
    DeskRules rules =
        read(
            BILLING.formatted(
                "{'when': {'channel': 'sms'}, 'topic': 'care'},"
                    + " {'when': {'channel': 'whatsapp'}, 'topic': 'billing', 'skills': 'portuguese',"
                    + " 'priority': 10}, {'when': {}, 'topic': 'care'}"));

    Placement placement = rules.place(request());

    assertThat(placement.topic().name()).isEqualTo("billing");
    assertThat(placement.skills()).containsExactly("billing", "portuguese", "polite");
    assertThat(placement.priority()).isEqualTo(5 + 10 + 2);
  }

  @Test
  void whatIsAskedForAndIsNoTopicWaitsInTheGeneralOneAndIsTold() {
    Placement placement = read("{}").place(request());

    assertThat(placement.topic().name()).isEqualTo("general");
    assertThat(placement.unknown()).contains("care");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'routing': [{'when': {'chanel': 'sms'}}]}; #/routing/0/when/chanel; is nothing that is known here",
        "{'routing': [{'when': {'channel': {'has': 'sms'}}}]}; #/routing/0/when/channel/has; known are: equals",
        "{'routing': [{'when': {}, 'topic': 'sales'}]}; #/routing/0/topic; topics are general",
        "{'routing': [{'topic': 'general'}]}; #/routing/0/when; must be an object",
        "{'topics': {'care': {'target': 'zen'}}}; #/topics/care/target; say desk",
        "{'topics': {'care': {'weight': 0}}}; #/topics/care/weight; from 1 to 100",
        "{'sla': {'first': 'soon'}}; #/sla/first; must be a length of time",
        "{'sla': {'warn': 80}}; #/sla/warn; must be a share",
        "{'agents': {'offer': '0'}}; #/agents/offer; must be a length of time",
        "{'texts': {'queued': 'Number {{ place }}'}}; #/texts/queued; asks for {{ place }}",
        "{'texts': {'queued': {'es': 'hola'}}}; #/texts/queued; has no en",
        "{'templates': [{'sid': 'H1'}]}; #/templates/0/sid; HX and 32",
        "{'canned': {'a b': 'hello'}}; #/canned/a b; must be called by letters",
        "{'topic': {}}; #/topic; is not known here",
        "{'targets': {'desk': {}}}; #/targets/desk; choose another name"
      })
  void whatIsWrongIsNamedWithItsPlaceAndRemedy(String json, String place, String remedy) {
    assertThat(problems(json))
        .anySatisfy(
            it -> {
              assertThat(it.propertyPath()).isEqualTo(place);
              assertThat(it.message()).contains(remedy);
            });
  }

  @Test
  void aTopicHasTheUsualPromiseWhereItSaysNothing() {
    DeskRules rules =
        read(
            "{'sla': {'first': '1h', 'next': '2h'}, 'topics': {'care': {'sla': {'first': '15m', 'next':"
                + " 'off'}}}}");

    assertThat(rules.topic("care").promise().first()).contains(Duration.ofMinutes(15));
    assertThat(rules.topic("care").promise().next()).isEmpty();
    assertThat(rules.topic("general").promise().first()).contains(Duration.ofHours(1));
  }

  @Test
  void aCalendarThatThePolicyLacksIsNamed() {
    DeskRules rules = read("{'topics': {'care': {'calendar': 'support'}}}");

    assertThat(rules.missing(Calendars.NONE))
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/topics/care/calendar");
  }

  @Test
  void aTextIsSaidInTheContactsLanguage() {
    QueueTexts texts =
        read("{'texts': {'queued': {'en': 'Number {{ position }}', 'pt': 'Você é o {{position}}'}}}")
            .texts();
    Values values = Values.of("position", 3);

    assertThat(texts.say(QueueTexts.Text.QUEUED, request().person(), values))
        .contains("Você é o 3");
    assertThat(texts.say(QueueTexts.Text.QUEUED, Person.UNKNOWN, values)).contains("Number 3");
    assertThat(texts.say(QueueTexts.Text.TOO_LONG, Person.UNKNOWN, values)).isEmpty();
  }

  @Test
  void somebodyMayHaveACapacityAndSkillsOfTheirOwn() {
    Staffing staffing =
        read("{'agents': {'capacity': 4, 'people': {'Asha@acme.example': {'capacity': 2, 'skills':"
                + " ['french']}}}}")
            .agents();

    assertThat(staffing.member("asha@acme.example").capacity()).contains(2);
    assertThat(staffing.member("asha@acme.example").skills()).containsExactly("french");
    assertThat(staffing.member("ben@acme.example").capacity()).isEmpty();
  }

  private static Request request() {
    Values attributes = read("order", "{'total': 80}").with("labels", List.of("vip", "new"));
    return new Request(
        "tag:complaint",
        Optional.of("care"),
        Set.of("polite"),
        2,
        new Request.Origin("cart", "person", "whatsapp"),
        List.of("shipping", "complaint"),
        new Person(Optional.of("42"), Values.of("plan", "pro").with("language", "pt-BR")),
        attributes,
        read("commerce", "{'currency': 'USD'}"));
  }

  private static Values read(String name, String json) {
    return Values.of(name, Json.parse(json.replace('\'', '"')).orElseThrow());
  }

  private static DeskRules read(String json) {
    return switch (DeskRules.read(Json.parse(json.replace('\'', '"')).orElseThrow())) {
      case Reading.Valid(var rules) -> rules;
      case Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<FlowProblem> problems(String json) {
    return switch (DeskRules.read(Json.parse(json.replace('\'', '"')).orElseThrow())) {
      case Reading.Valid(var rules) -> throw new AssertionError("nothing is wrong: " + rules);
      case Reading.Invalid(var problems) -> problems;
    };
  }
}
