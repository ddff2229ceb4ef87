package io.parley.scenarios;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The arrows between the modules, and what holds for the code of all of them.
class ArchitectureTest {

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.parley");

  /// Which modules of ours a module may use; what is not here may use none.
  private static final Map<String, List<String>> ARROWS = arrows();

  private static Map<String, List<String>> arrows() {
    Map<String, List<String>> arrows = new LinkedHashMap<>();
    arrows.put("engine", List.of());
    arrows.put("intents", List.of("engine"));
    arrows.put("codec", List.of("engine"));
    arrows.put("workbench", List.of("engine", "codec"));
    arrows.put("edge", List.of("engine"));
    arrows.put("calls", List.of("edge", "engine"));
    arrows.put("twilio", List.of("edge", "engine", "codec"));
    arrows.put("customerio", List.of("edge", "engine", "codec"));
    arrows.put("networks", List.of("edge", "engine"));
    arrows.put("destinations", List.of("edge", "engine"));
    arrows.put("targets", List.of("edge", "engine"));
    arrows.put("store", List.of("codec", "engine"));
    arrows.put("testkit", List.of("engine", "codec", "edge", "migrations"));
    arrows.put(
        "verticles",
        List.of(
            "engine",
            "intents",
            "codec",
            "workbench",
            "edge",
            "calls",
            "twilio",
            "customerio",
            "networks",
            "destinations",
            "targets",
            "store",
            "desk"));
    return arrows;
  }

  @Test
  void everyModuleHasItsArrows() {
    assertThat(CODE)
        .extracting(it -> it.getPackageName().split("\\.", -1)[2])
        .hasSameElementsAs(ARROWS.keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "engine",
        "intents",
        "codec",
        "workbench",
        "edge",
        "calls",
        "twilio",
        "customerio",
        "networks",
        "destinations",
        "targets",
        "store",
        "testkit",
        "verticles"
      })
  void aModuleUsesOnlyWhatItsArrowsAllow(String module) {
    String[] allowed =
        Stream.concat(Stream.of(module), ARROWS.getOrDefault(module, List.of()).stream())
            .map(name -> "io.parley." + name + "..")
            .toArray(String[]::new);

    noClasses()
        .that(inModule(module))
        .should()
        .dependOnClassesThat(resideInAPackage("io.parley..").and(resideOutsideOfPackages(allowed)))
        .check(CODE);
  }

  @Test
  void theEngineIsJavaAndLiquid() {
    classes()
        .that(inModule("engine"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.parley.engine..", "java..", "org.jspecify..", "liqp..", "org.antlr.."))
        .check(CODE);
  }

  @Test
  void onlyTheLiquidPackageKnowsTheLiquidLibrary() {
    noClasses()
        .that(resideOutsideOfPackage("io.parley.engine.liquid.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("liqp..", "org.antlr.."))
        .check(CODE);
  }

  /// The stored shapes are codec's; a vendor's payloads are its own module's.
  @Test
  void onlyTheCodecAndCustomerIoReadJsonWithJackson() {
    onlyIn("com.fasterxml..", "codec", "customerio");
  }

  @Test
  void onlyTheStoreAndTheShellKnowVertx() {
    onlyIn("io.vertx..", "store", "verticles");
  }

  @Test
  void onlyTheTwilioModuleKnowsTwilioJava() {
    onlyIn("com.twilio..", "twilio");
  }

  private static void onlyIn(String library, String... modules) {
    String[] allowed =
        Arrays.stream(modules).map(name -> "io.parley." + name + "..").toArray(String[]::new);
    noClasses()
        .that(resideOutsideOfPackages(allowed))
        .should()
        .dependOnClassesThat(resideInAPackage(library))
        .check(CODE);
  }

  /// What is decided must not depend on when, where or on what luck: a turn can then be replayed.
  @Test
  void onlyTheShellAsksTheClockTheMachineAndChance() {
    noClasses()
        .that(resideOutsideOfPackages("io.parley.verticles.."))
        .should()
        .callMethod(Instant.class, "now")
        .orShould(ArchConditions.callMethod(LocalDate.class, "now"))
        .orShould(ArchConditions.callMethod(LocalDateTime.class, "now"))
        .orShould(ArchConditions.callMethod(ZonedDateTime.class, "now"))
        .orShould(ArchConditions.callMethod(Clock.class, "systemUTC"))
        .orShould(ArchConditions.callMethod(Clock.class, "systemDefaultZone"))
        .orShould(ArchConditions.callMethod(System.class, "currentTimeMillis"))
        .orShould(ArchConditions.callMethod(System.class, "nanoTime"))
        .orShould(ArchConditions.callMethod(System.class, "getenv"))
        .orShould(ArchConditions.callMethod(System.class, "getenv", String.class))
        .orShould(ArchConditions.callMethod(UUID.class, "randomUUID"))
        .orShould(ArchConditions.callMethod(Math.class, "random"))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .check(CODE);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CODE)
        .extracting(JavaClass::getPackage)
        .allMatch(it -> it.isAnnotatedWith(NullMarked.class));
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Utils?|Helper|Impl|DTO)(\\$.*)?")
        .orShould()
        .haveNameMatching(".*[.$](Base|Abstract)\\p{Lu}.*")
        .check(CODE);
  }

  @Test
  void nothingIsOpenToInheritance() {
    classes()
        .that(
            DescribedPredicate.describe(
                "are named classes", it -> !it.isAnonymousClass() && !it.isInterface()))
        .should(beFinalOrSealed())
        .check(CODE);
  }

  private static ArchCondition<JavaClass> beFinalOrSealed() {
    return new ArchCondition<>("be final, sealed, a record or an enum") {
      @Override
      public void check(JavaClass it, ConditionEvents events) {
        boolean closed =
            it.getModifiers().contains(JavaModifier.FINAL)
                || it.isRecord()
                || it.isEnum()
                || it.reflect().isSealed();
        if (!closed) {
          events.add(SimpleConditionEvent.violated(it, it.getName() + " is open"));
        }
      }
    };
  }

  /// It is not on this class path, where it could hide.
  @Test
  void theLoadTestUsesNothingOfOurs() throws IOException {
    Path pom = Path.of(System.getProperty("parley.root", "."), "loadtest/pom.xml");
    String text = Files.readString(pom);

    assertThat(text.substring(text.indexOf("<dependencies>"), text.lastIndexOf("</dependencies>")))
        .doesNotContain("io.parley")
        .doesNotContain("<artifactId>parley");
  }

  private static DescribedPredicate<JavaClass> inModule(String module) {
    return resideInAPackage("io.parley." + module + "..");
  }
}
