package io.parley.workbench.starters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.parley.codec.FlowDocument;
import io.parley.codec.FlowFiles;
import io.parley.codec.YamlFiles;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.QueueTexts;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.flow.GateOffer;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import io.parley.engine.policy.Notices;
import io.parley.engine.policy.Policy;
import io.parley.workbench.CheckedFile;
import io.parley.workbench.Finding;
import io.parley.workbench.FlowCheck;
import io.parley.workbench.FlowWalk;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import io.parley.workbench.Rule;
import io.parley.workbench.Severity;
import io.parley.workbench.Walked;
import io.parley.workbench.Walked.TakenExit;
import io.parley.workbench.cases.CaseReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StartersTest {

  private static final Path ROOT = Path.of(System.getProperty("parley.root", "."));
  private static final Pattern READ = Pattern.compile("flow\\.data\\.([\\w.]+)");
  private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern AMOUNT =
      Pattern.compile("\\d\\s?%(?!})|[$€£]\\s?\\d|\\d\\s?(USD|EUR)");

  /// A line of an example in the policy.
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^( *)#:(.*)$");

  /// What a flow may be warned of: a WhatsApp template is the author's to choose.
  private static final Set<Rule> ALLOWED = Set.of(Rule.FREE_TEXT_OPENER);

  static Stream<Starter> flows() {
    return Starters.all().stream().filter(Starter::isFlow);
  }

  @Test
  void thereAreSixFlowsAPolicyAndADesk() {
    assertThat(Starters.all())
        .extracting(Starter::name)
        .containsExactly(
            "cart-recovery",
            "browse-abandonment",
            "reactivation",
            "order-tracking",
            "replenishment",
            "review-request",
            "policy",
            "desk");
    assertThat(Starters.all())
        .allSatisfy(it -> assertThat(it.sentence()).endsWith(".").doesNotContain("\n"))
        .allSatisfy(it -> assertThat(it.changes()).isNotEmpty().noneMatch(String::isBlank));
  }

  @Test
  void aNameThatIsNotKnownIsAnsweredWithTheNearest() {
    assertThat(Starters.find("cart-recover")).isEmpty();
    assertThat(Starters.unknown("cart-recover"))
        .isEqualTo("unknown starter cart-recover: did you mean cart-recovery?");
    assertThat(Starters.unknown("zzz")).contains("known are cart-recovery, ");
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aCheckFindsNothingThatAnAuthorHasToCorrect(Starter starter) {
    CheckedFile checked = FlowCheck.check(starter.name(), definition(starter));

    assertThat(checked.has(Severity.ERROR)).isFalse();
    assertThat(checked.findings())
        .filteredOn(it -> !ALLOWED.contains(it.rule()))
        .extracting(Finding::sentence)
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aThousandRandomConversationsEnd(Starter starter) {
    Flow flow = flow(starter);
    Walked walked = FlowWalk.walk(starter.name(), flow, new Plan(1_000, 1, Unsupported.ENDS));

    assertThat(walked.crashes()).isEmpty();
    assertThat(walked.ends())
        .doesNotContainKeys("alive", "step_limit", "widget_loop", "unsupported_widget");
    assertThat(taken(walked, gates(flow)))
        .containsExactlyElementsOf(
            gates(flow).isEmpty() ? List.of() : List.of("granted", "withheld"));
  }

  /// The ways out of gates that a walk has taken.
  private static Set<String> taken(Walked walked, Map<String, String> gates) {
    return walked.exits().stream()
        .filter(it -> it.count() > 0 && gates.containsKey(it.widget()))
        .map(TakenExit::event)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The gates of a flow, each with the offer that it asks for.
  private static Map<String, String> gates(Flow flow) {
    return flow.widgets().values().stream()
        .filter(GateOffer.class::isInstance)
        .collect(Collectors.toMap(Widget::name, it -> ((GateOffer) it).offer()));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void whatIsExportedIsWhatWasImported(Starter starter) {
    String text = definition(starter);
    FlowDocument document =
        switch (FlowDocument.parse(text)) {
          case FlowDocument.Parsing.Parsed(var parsed) -> parsed;
          case FlowDocument.Parsing.Unreadable(var problem) ->
              throw new IllegalStateException(problem.toString());
        };

    assertThat(document.upgraded().canonical()).isEqualTo(text);
    assertThat(Json.parse(FlowFiles.write(flow(starter)))).isEqualTo(Json.parse(text));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void itsCasesAreRead(Starter starter) {
    Starter.Text cases = starter.texts().get(1);
    CaseReader.Reading reading = CaseReader.read(cases.file(), cases.content());

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.cases()).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("flows")
  void inAnEditorNoWidgetLiesOnAnother(Starter starter) {
    List<Values> places = new ArrayList<>();
    for (Values state : states(starter)) {
      places.add(state.object("properties").object("offset"));
    }

    assertThat(places).doesNotHaveDuplicates().noneMatch(Values::isEmpty);
  }

  @ParameterizedTest
  @MethodSource("flows")
  void onlyAnOfferNamesACodeOrAnAmount(Starter starter) {
    for (Values state : states(starter)) {
      String body = state.object("properties").text("body").orElse("");
      assertThat(body).doesNotContainPattern(AMOUNT);
      assertThat(body.contains("flow.offer."))
          .isEqualTo(state.text("name").orElse("").equals("offer"));
    }
  }

  @ParameterizedTest
  @MethodSource("flows")
  void whatWeSayFirstNamesTheBrandAndTellsHowToStop(Starter starter) {
    Flow flow = flow(starter);
    String first =
        flow.widget("Trigger").orElseThrow().next(Trigger.INCOMING_REQUEST).orElseThrow();
    Values properties =
        states(starter).stream()
            .filter(it -> it.text("name").orElse("").equals(first))
            .findFirst()
            .orElseThrow()
            .object("properties");
    boolean template = properties.text("content_sid").isPresent(); // its text is approved elsewhere

    assertThat(template || properties.text("body").orElse("").contains("STOP")).isTrue();
    assertThat(template || properties.text("body").orElse("").contains("flow.data.brand")).isTrue();
  }

  @Test
  void thePolicySaysWhatHoldsWithoutIt() {
    Policy policy = read(policyText());

    assertThat(policy)
        .usingRecursiveComparison()
        .ignoringFields("notices")
        .isEqualTo(Policy.DEFAULT);
    assertThat(policy.notices())
        .extracting(Notices::brand, Notices::optedIn, Notices::help, Notices::twilio)
        .containsExactly(
            "Our shop",
            Policy.DEFAULT.notices().optedIn(),
            Policy.DEFAULT.notices().help(),
            Policy.DEFAULT.notices().twilio());
  }

  @Test
  void whatThePolicyHoldsAsExamplesMayBeTakenAsItStands() {
    Policy policy = read(EXAMPLE.matcher(policyText()).replaceAll("$1$2"));

    assertThat(policy.hours().own()).hasSize(2);
    assertThat(policy.calendars().named()).containsOnlyKeys("support");
    assertThat(policy.throttle()).isNotEqualTo(Policy.DEFAULT.throttle());
    assertThat(policy.triggers()).isNotEqualTo(Policy.DEFAULT.triggers());
    assertThat(policy.whatsapp().categories()).hasSize(1);
    assertThat(policy.friction().rule("restock")).isPresent();
    assertThat(policy.friction().rule("no")).isEmpty();
    assertThat(policy.offers().offers())
        .containsOnlyKeys("cart-recovery", "refill", "comeback", "spring", "from-the-shop");
    assertThat(policy.offers().offers().values())
        .allMatch(it -> it.gate().minimumValue().isPresent());
    assertThat(policy.offers().promises()).isNotEmpty();
  }

  @Test
  void eachExampleOfThePolicyMayBeTakenAlone() {
    List<String> lines = policyText().lines().toList();
    int blocks = 0;
    for (int from = 0; from < lines.size(); from++) {
      if (!EXAMPLE.matcher(lines.get(from)).matches()) {
        continue;
      }
      List<String> opened = new ArrayList<>(lines);
      int to = from;
      for (; to < lines.size() && EXAMPLE.matcher(lines.get(to)).matches(); to++) {
        opened.set(to, EXAMPLE.matcher(lines.get(to)).replaceAll("$1$2"));
      }
      assertThatCode(() -> read(String.join("\n", opened)))
          .as("with line %d", from + 1)
          .doesNotThrowAnyException();
      blocks++;
      from = to;
    }

    assertThat(blocks).isEqualTo(11);
  }

  @Test
  void thePolicyShowsEverySectionThatThereIs() {
    String known =
        Policy.read(Map.of("qqqqqqqqq", 1L)) instanceof Policy.Reading.Invalid(var problems)
            ? problems.getFirst().message()
            : "";
    List<String> sections = List.of(known.replaceFirst(".*known are: ", "").split(", ", -1));

    assertThat(sections).contains("offers", "frequency");
    assertThat(sections)
        .allSatisfy(it -> assertThat(policyText()).containsPattern("(?m)^(#:)?" + it + ":"));
  }

  @Test
  void theDeskSaysWhatHoldsWithoutIt() {
    assertThat(readDesk(deskText())).isEqualTo(DeskRules.DEFAULT);
  }

  @Test
  void whatTheDeskHoldsAsExamplesMayBeTakenAsItStands() {
    DeskRules rules = readDesk(EXAMPLE.matcher(deskText()).replaceAll("$1$2"));

    assertThat(rules.topics()).containsOnlyKeys("care", "billing", "general");
    assertThat(rules.routing()).hasSize(2);
    assertThat(rules.agents().people()).containsOnlyKeys("mia@acme.example");
    assertThat(rules.texts().phrases()).containsOnlyKeys(QueueTexts.Text.values());
    assertThat(rules.dispositions()).isNotEmpty();
    assertThat(rules.canned()).isNotEmpty();
    assertThat(rules.templates()).hasSize(1);
    assertThat(rules.targets()).containsOnlyKeys("support");
  }

  @Test
  void theDeskShowsEverySectionThatThereIs() {
    String known =
        DeskRules.read(Map.of("qqqqqqqqq", 1L)) instanceof DeskRules.Reading.Invalid(var problems)
            ? problems.getFirst().message()
            : "";
    List<String> sections = List.of(known.replaceFirst(".*known are: ", "").split(", ", -1));

    assertThat(sections).contains("routing", "transcript");
    assertThat(sections)
        .allSatisfy(it -> assertThat(deskText()).containsPattern("(?m)^(#:)?" + it + ":"));
  }

  private static String deskText() {
    return Starters.find("desk").orElseThrow().texts().getFirst().content();
  }

  private static DeskRules readDesk(String text) {
    Object tree =
        switch (YamlFiles.parse(text)) {
          case YamlFiles.Parsing.Parsed(var parsed) -> parsed;
          case YamlFiles.Parsing.Unreadable(var problem) ->
              throw new IllegalStateException(problem);
        };
    return switch (DeskRules.read(tree)) {
      case DeskRules.Reading.Valid(var rules) -> rules;
      case DeskRules.Reading.Invalid(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  private static String policyText() {
    return Starters.find("policy").orElseThrow().texts().getFirst().content();
  }

  private static Policy read(String text) {
    Object tree =
        switch (YamlFiles.parse(text)) {
          case YamlFiles.Parsing.Parsed(var parsed) -> parsed;
          case YamlFiles.Parsing.Unreadable(var problem) ->
              throw new IllegalStateException(problem);
        };
    return switch (Policy.read(tree)) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  // ---- the page

  @ParameterizedTest
  @MethodSource("flows")
  void thePageSaysWhatTheFlowReads(Starter starter) {
    Values example = new Values(object(examples(starter).getFirst()));
    Set<String> missing =
        READ.matcher(definition(starter))
            .results()
            .map(it -> it.group(1).replaceFirst("\\.first(\\..*)?$", ""))
            .filter(path -> !has(example, List.of(path.split("\\.", -1))))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("flows")
  void thePageSaysWithWhichWidgetTheFlowMayEnd(Starter starter) {
    Set<String> last =
        flow(starter).widgets().values().stream()
            .filter(it -> !(it instanceof Trigger))
            .filter(it -> it.transitions().stream().anyMatch(way -> way.next().isEmpty()))
            .map(Widget::name)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(last).isNotEmpty().allSatisfy(it -> assertThat(page(starter)).contains("`" + it));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void thePageHasThePolicyWithTheOffersThatTheGatesAskFor(Starter starter) {
    Set<String> asked = new TreeSet<>(gates(flow(starter)).values());
    Set<String> offered = new TreeSet<>();
    YAML.matcher(page(starter))
        .results()
        .forEach(it -> offered.addAll(read(it.group(1)).offers().offers().keySet()));

    assertThat(offered).isEqualTo(asked);
  }

  @ParameterizedTest
  @MethodSource("flows")
  void thePageHasAllItsParts(Starter starter) {
    assertThat(page(starter))
        .contains(
            "## The way through it\n",
            "## Change first\n",
            "## What it reads\n",
            "## What it reports\n",
            "## Rules to mind\n");
  }

  @ParameterizedTest
  @MethodSource("flows")
  void theExampleOfThePageIsATriggerOfTheFlow(Starter starter) throws IOException {
    Path schema =
        ROOT.resolve(
            "modules/customerio/src/main/resources/io/parley/customerio/trigger.schema.json");
    assumeTrue(Files.exists(schema), "no checkout around the tests");
    String example = examples(starter).getFirst();

    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(schema))
                .validate(example, InputFormat.JSON))
        .isEmpty();
    assertThat(new Values(object(example)).object("controls").text("flow"))
        .contains(starter.name());
  }

  // ---- what stands in a starter

  private static String definition(Starter starter) {
    return starter.texts().getFirst().content();
  }

  private static String page(Starter starter) {
    return starter.texts().getLast().content();
  }

  private static Flow flow(Starter starter) {
    return switch (FlowFiles.read(definition(starter))) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  private static List<Values> states(Starter starter) {
    return object(definition(starter)).get("states") instanceof List<?> states
        ? states.stream().map(it -> new Values(map(it))).toList()
        : List.of();
  }

  private static List<String> examples(Starter starter) {
    return JSON.matcher(page(starter)).results().map((MatchResult it) -> it.group(1)).toList();
  }

  private static boolean has(Values values, List<String> path) {
    Object entry = values.entries().get(path.getFirst());
    return path.size() == 1
        ? entry != null
        : entry instanceof Map<?, ?> && has(new Values(map(entry)), path.subList(1, path.size()));
  }

  private static Map<String, Object> object(String json) {
    return map(Json.parse(json).orElseThrow());
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static Map<String, Object> map(Object object) {
    return (Map<String, Object>) object;
  }
}
