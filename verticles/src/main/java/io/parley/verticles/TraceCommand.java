package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.store.Chronicle;
import io.parley.store.Flows;
import io.parley.store.Journal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley trace`: everything that happened to a conversation.
@Command(
    name = "trace",
    description = "Tell everything that happened to a conversation, and why.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Parameters(
      paramLabel = "CONVERSATION",
      description =
          "the id of a conversation or of anything in it, the sid of an execution (FN...), of a"
              + " message (SM...) or of a conversation of Twilio Conversations (CH...), a phone number,"
              + " or a person's id in Customer.io. Of a person, all conversations.")
  private String name = "";

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
  private Form form = Form.text;

  @Option(
      names = "--turns",
      defaultValue = "1000",
      description = "so many of the latest turns; ${DEFAULT-VALUE} where nothing is said")
  private int mostTurns;

  /// How a conversation is told.
  enum Form {
    text,
    json
  }

  /// A conversation, and why its flow went as it did.
  private record Told(Chronicle chronicle, SplitReasons reasons) {}

  @Override
  public Integer call() {
    if (mostTurns < 1) {
      System.err.println("--turns must be at least 1");
      return CommandLine.ExitCode.USAGE;
    }
    return database.ask(this::told, this::print);
  }

  private Future<List<Told>> told(Vertx vertx, Pool pool) {
    FlowLibrary flows = new FlowLibrary(vertx, new Flows(pool));
    ExecutionSteps steps = new ExecutionSteps(new Journal(pool), flows);
    return Chronicle.named(pool, name)
        .compose(
            ids -> {
              Future<List<Told>> all = Future.succeededFuture(new ArrayList<>());
              for (ConversationId id : ids) {
                all = all.compose(told -> add(told, pool, id, steps, flows));
              }
              return all;
            });
  }

  private Future<List<Told>> add(
      List<Told> told, Pool pool, ConversationId id, ExecutionSteps steps, FlowLibrary flows) {
    return Chronicle.of(pool, id, mostTurns)
        .compose(
            chronicle ->
                chronicle.isEmpty()
                    ? Future.succeededFuture(told)
                    : SplitReasons.of(chronicle.get(), steps, flows)
                        .map(
                            reasons -> {
                              told.add(new Told(chronicle.get(), reasons));
                              return told;
                            }));
  }

  private int print(List<Told> told) {
    switch (form) {
      case json -> {
        JsonArray conversations = new JsonArray();
        told.forEach(
            it -> conversations.add(ChronicleJson.conversation(it.chronicle(), it.reasons())));
        System.out.println(new JsonObject().put("conversations", conversations).encodePrettily());
      }
      case text -> {
        for (int i = 0; i < told.size(); i++) {
          if (i > 0) {
            System.out.println();
          }
          ChronicleText.lines(told.get(i).chronicle(), told.get(i).reasons())
              .forEach(System.out::println);
        }
      }
    }
    if (told.isEmpty()) {
      System.err.println("no conversation goes by " + name);
      return CommandLine.ExitCode.SOFTWARE;
    }
    return CommandLine.ExitCode.OK;
  }
}
