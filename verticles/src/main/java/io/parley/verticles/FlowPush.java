package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.verticles.Asked.Given;
import io.parley.verticles.Asked.Refused;
import io.parley.workbench.Difference;
import io.parley.workbench.FlowDiff;
import io.parley.workbench.PushOrder;
import io.parley.workbench.SidBook;
import io.parley.workbench.SidTranslation.Translated;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/// Pushes flow files into an environment: first all of them are looked up, turned into its sids,
/// compared and validated, and only where nothing is wrong with any of them is one saved. Confined
/// to one command.
final class FlowPush {

  /// What is wanted.
  ///
  /// @param publish or else they are saved as drafts
  record Wish(boolean publish, Optional<String> message, boolean dryRun, boolean allowUnmapped) {

    String status() {
      return publish ? "published" : "draft";
    }
  }

  /// A file, and the flow that it is to become.
  ///
  /// @param current the flow as it is there; empty where it is new
  private record Target(
      Path file, String name, FlowDocument document, Optional<RemoteFlow> current) {}

  /// What saving a file changes; nothing where there is neither a difference nor a publication.
  ///
  /// @param isPublication whether a draft that is the same becomes the published one
  private record Change(
      Target target, FlowDocument definition, List<Difference> differences, boolean isPublication) {

    boolean isNothing() {
      return target.current().isPresent() && differences.isEmpty() && !isPublication;
    }
  }

  private final FlowTerminal terminal;
  private final RemoteEnvironment environment;
  private final Wish wish;
  private SidBook book;

  FlowPush(FlowTerminal terminal, RemoteEnvironment environment, Wish wish) {
    this.terminal = terminal;
    this.environment = environment;
    this.wish = wish;
    this.book = environment.book();
  }

  /// @param names of the flows, in the order of the files
  int push(List<Path> files, List<String> names, List<FlowDocument> documents) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      String name = names.get(i);
      switch (current(name)) {
        case Given<Optional<RemoteFlow>>(var current) -> {
          targets.put(name, new Target(files.get(i), name, documents.get(i), current));
          learn(name, current.map(RemoteFlow::sid).orElse(unborn(name)));
        }
        case Refused<Optional<RemoteFlow>>(var refusal) -> {
          return terminal.refuse(refusal);
        }
      }
    }
    Map<String, FlowDocument> flows = new LinkedHashMap<>();
    targets.forEach((name, target) -> flows.put(name, target.document()));
    List<Target> ordered =
        PushOrder.of(flows, book).stream().flatMap(it -> stream(targets.get(it))).toList();
    List<Change> changes = ordered.stream().map(this::change).toList();
    if (!isMapped(ordered) || !isValid(changes)) {
      return FlowTerminal.FOUND;
    }
    return save(changes);
  }

  private static Stream<Target> stream(@Nullable Target target) {
    return Stream.ofNullable(target);
  }

  private Asked<Optional<RemoteFlow>> current(String name) {
    return environment
        .find(name)
        .then(
            sid ->
                sid.map(it -> environment.client().flow(it).map(Optional::of))
                    .orElseGet(() -> new Given<>(Optional.empty())));
  }

  /// What stands for the sid of a flow that has none yet.
  private static String unborn(String name) {
    return "<the new flow " + name + ">";
  }

  /// Keeps the sid of a flow, for those that run it as a subflow.
  private void learn(String name, String sid) {
    boolean isAsked = book.sid(name, book.home()).isPresent();
    Optional<String> known = book.sid(name, environment.name());
    if (isAsked && known.filter(it -> !it.equals(unborn(name))).isEmpty()) {
      book = book.with(name, environment.name(), sid);
    }
  }

  private Change change(Target target) {
    FlowDocument definition = environment.outgoing(target.document(), book).document();
    List<Difference> differences =
        target.current().stream()
            .flatMap(it -> FlowDiff.between(it.definition(), definition).stream())
            .toList();
    boolean isPublication =
        wish.publish() && target.current().filter(it -> !it.isPublished()).isPresent();
    return new Change(target, definition, differences, isPublication);
  }

  private boolean isMapped(List<Target> targets) {
    boolean mapped = true;
    for (Target target : targets) {
      Translated turned = environment.outgoing(target.document(), book);
      if (!turned.problems().isEmpty()) {
        terminal.complain(target.file(), target.document().lines(), turned.problems());
        mapped = false;
      }
    }
    if (!mapped && !wish.allowUnmapped()) {
      terminal.complain("    Give them sids in the sids file, or pass --allow-unmapped.");
    }
    return mapped || wish.allowUnmapped();
  }

  /// Whether all that changes could be saved. One that runs a flow that is still to be made cannot
  /// be asked about.
  private boolean isValid(List<Change> changes) {
    boolean valid = true;
    for (Change change : changes) {
      if (change.isNothing() || isWaiting(change.definition(), changes)) {
        continue;
      }
      Target target = change.target();
      Map<String, String> form = new LinkedHashMap<>();
      form.put("FriendlyName", target.name());
      form.put("Status", wish.status());
      form.put("Definition", change.definition().canonical());
      switch (environment.client().validate(form)) {
        case Given<Boolean>(var answer) -> {
          if (!answer) {
            terminal.complain(target.file() + " is not valid there, without a word why");
          }
          valid &= answer;
        }
        case Refused<Boolean>(var refusal) -> {
          terminal.refuse(refusal, target.file(), target.document().lines());
          valid = false;
        }
      }
    }
    return valid;
  }

  private static boolean isWaiting(FlowDocument definition, List<Change> changes) {
    String text = definition.canonical();
    return changes.stream().anyMatch(it -> text.contains(unborn(it.target().name())));
  }

  private int save(List<Change> changes) {
    changes.forEach(this::announce);
    if (wish.dryRun()) {
      return ExitCode.OK;
    }
    int status = ExitCode.OK;
    for (Change change : changes) {
      if (!change.isNothing()) {
        FlowDocument definition = environment.outgoing(change.target().document(), book).document();
        if (isWaiting(definition, changes)) {
          terminal.complain(
              "%s runs a flow that runs it, and neither has a sid there: make one of them first"
                  .formatted(change.target().file()));
          return FlowTerminal.FOUND;
        }
        switch (send(change, definition)) {
          case Given<RemoteFlow>(var saved) -> status = Math.max(status, report(change, saved));
          case Refused<RemoteFlow>(var refusal) -> {
            return terminal.refuse(
                refusal, change.target().file(), change.target().document().lines());
          }
        }
      }
    }
    return status;
  }

  /// Says what changes: `flows/cart.json -> staging: FW01..., revision 7, published`.
  private void announce(Change change) {
    Target target = change.target();
    String there =
        target
            .current()
            .map(it -> "%s, revision %d, %s".formatted(it.sid(), it.revision(), it.status()))
            .orElse("new");
    terminal.print(
        "%s -> %s: %s%s\n"
            .formatted(
                target.file(),
                environment.place(),
                there,
                change.isNothing() ? ", nothing changes" : ""));
    change.differences().forEach(it -> terminal.print("  " + it + "\n"));
    if (change.differences().isEmpty() && change.isPublication()) {
      terminal.print("  is published as it is\n");
    }
  }

  private Asked<RemoteFlow> send(Change change, FlowDocument definition) {
    Target target = change.target();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Status", wish.status());
    form.put("Definition", definition.canonical());
    wish.message().ifPresent(it -> form.put("CommitMessage", it));
    return target
        .current()
        .map(it -> environment.client().update(it.sid(), form))
        .orElseGet(
            () -> {
              form.put("FriendlyName", target.name());
              return environment.client().create(form);
            });
  }

  private int report(Change change, RemoteFlow saved) {
    Target target = change.target();
    String as = saved.isPublished() ? "published" : "saved as a draft";
    terminal.print("%s: %s, revision %d\n".formatted(target.name(), as, saved.revision()));
    if (target.current().isEmpty()) {
      learn(target.name(), saved.sid());
      terminal.print("  is %s%s\n".formatted(saved.sid(), hint(target.name(), saved.sid())));
    }
    if (saved.problems().isEmpty()) {
      return ExitCode.OK;
    }
    terminal.complain(target.file(), target.document().lines(), saved.problems());
    return FlowTerminal.FOUND;
  }

  private String hint(String name, String sid) {
    return environment.name().isEmpty()
        ? ""
        : "; keep it in the sids file: %s: {%s: %s}".formatted(name, environment.name(), sid);
  }
}
