package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowFiles;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.testkit.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/// Whatever happens in whatever order, the laws of [Scenario] hold.
class RandomWalkTest {

  private static final Path SHARED =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");
  private static final Map<String, Flow> SAMPLES = sampleFlows();
  private static final Map<String, Flow> PUBLIC = publicFlows();

  @Property(tries = 1_500)
  void theLawsHoldInTheSampleFlows(@ForAll("samples") String name, @ForAll("walks") Walk walk) {
    idsAreUnique(walk.through(name, flow(SAMPLES, name)));
  }

  @Property(tries = 1_500)
  @AddLifecycleHook(WherePublicFlowsAre.class)
  void theLawsHoldInPublicFlows(@ForAll("publicNames") String name, @ForAll("walks") Walk walk) {
    idsAreUnique(walk.through(name, flow(PUBLIC, name)));
  }

  private static Flow flow(Map<String, Flow> flows, String name) {
    return Objects.requireNonNull(flows.get(name));
  }

  private static void idsAreUnique(Scenario scenario) {
    List<EffectId> ids = new ArrayList<>();
    for (Effect effect : scenario.effects()) {
      switch (effect) {
        case Effect.Outgoing outgoing -> ids.add(outgoing.id());
        case Effect.ScheduleTimer timer -> ids.add(timer.id());
        default -> {}
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Provide
  Arbitrary<Walk> walks() {
    return Walk.any();
  }

  @Provide
  Arbitrary<String> samples() {
    return Arbitraries.of(SAMPLES.keySet());
  }

  @Provide
  Arbitrary<String> publicNames() {
    return Arbitraries.of(PUBLIC.keySet());
  }

  private static Map<String, Flow> sampleFlows() {
    Map<String, Flow> flows = new LinkedHashMap<>();
    Flows.NAMES.forEach(name -> flows.put(name, Flows.flow(name)));
    return flows;
  }

  private static Map<String, Flow> publicFlows() {
    Map<String, Flow> flows = new LinkedHashMap<>();
    if (!Files.isDirectory(SHARED)) {
      return flows;
    }
    try (Stream<Path> files = Files.list(SHARED)) {
      for (Path file : files.sorted().toList()) {
        switch (FlowFiles.read(Files.readString(file))) {
          case FlowReading.Valid(var flow, var _) -> flows.put(file.getFileName().toString(), flow);
          case FlowReading.Invalid(var problems) ->
              assertThat(problems)
                  .as(file.toString())
                  .extracting(FlowProblem::message)
                  .allMatch(message -> message.contains("console export of before 2020"));
        }
      }
      return flows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Public flows stand beside the checkout where there are any.
  static final class WherePublicFlowsAre implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return PUBLIC.isEmpty()
          ? SkipResult.skip("no public flows beside the checkout: " + SHARED)
          : SkipResult.doNotSkip();
    }
  }
}
