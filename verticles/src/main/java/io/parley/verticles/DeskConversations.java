package io.parley.verticles;

import io.parley.engine.desk.DeskRules;
import io.parley.engine.policy.Policy;
import io.parley.store.DeadLetters;
import io.parley.store.DeskFacts;
import io.parley.store.DeskNotes;
import io.parley.store.DeskThread;
import io.parley.store.DeskUsers;
import io.parley.store.DeskViews;
import io.parley.store.Flows;
import io.parley.store.HandoffQueue;
import io.parley.store.Journal;
import io.parley.store.Presence;
import io.parley.store.Seal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Everything of the desk that is about conversations, put together: its lists, its threads, its
/// events, and what leads look at.
final class DeskConversations implements Consumer<Router>, WebVerticle.Lasting {

  private final Presence presence;
  private final DeskEvents events;
  private final List<Consumer<Router>> routes;

  /// What stands around the desk.
  record Surroundings(
      Vertx vertx, Pool pool, Seal deadLetterSeal, InstantSource clock, Metrics metrics) {}

  /// What is in force.
  record Rules(Supplier<DeskRules> desk, Supplier<Policy> policy) {}

  DeskConversations(
      Surroundings around,
      DeskSessions sessions,
      DeskAudit audit,
      Dispatcher dispatcher,
      FlowLibrary flows,
      Rules rules) {
    Pool pool = around.pool();
    InstantSource clock = around.clock();
    Journal journal = new Journal(pool);
    HandoffQueue queue = new HandoffQueue(pool);
    DeskThread thread = new DeskThread(pool);
    DeskNotes notes = new DeskNotes(pool);
    DeskFacts facts = new DeskFacts(pool);
    DeskCase.Files files = new DeskCase.Files(journal, queue);
    DeskNames names = new DeskNames(new DeskUsers(pool), clock);
    DeskViewers viewers = new DeskViewers();
    DeskActs acts = new DeskActs(files, dispatcher, names, rules.desk(), clock);
    this.presence = new Presence(pool);
    this.events =
        new DeskEvents(
            around.vertx(),
            sessions,
            new DeskEvents.Reading(
                journal,
                thread,
                notes,
                queue,
                presence,
                of ->
                    journal
                        .load(of)
                        .map(
                            loaded ->
                                DeskGates.of(
                                    loaded.conversation(),
                                    loaded.contact(),
                                    rules.policy().get(),
                                    clock.instant()))),
            names,
            viewers,
            audit,
            clock);
    this.routes =
        List.of(
            new DeskInboxRoutes(
                sessions,
                new DeskInboxRoutes.Reading(
                    files, new DeskViews(pool), presence, flows, rules.desk()),
                acts,
                audit,
                names,
                clock,
                around.metrics()),
            events,
            new DeskLeadRoutes(
                sessions,
                new DeskLeadRoutes.Reading(
                    pool,
                    files,
                    facts,
                    presence,
                    new DeadLetters(pool, around.deadLetterSeal()),
                    new ExecutionSteps(journal, flows),
                    flows),
                new DeskLeadRoutes.Rules(rules.desk(), rules.policy()),
                audit,
                names,
                clock,
                around.metrics()),
            new DeskFlowRoutes(sessions, pool, new Flows(pool), facts, clock),
            new DeskTranscripts(
                sessions, new DeskTranscripts.Reading(files, thread, notes, facts), audit, names),
            new DeskThreadRoutes(
                sessions,
                new DeskThreadRoutes.Reading(
                    files,
                    thread,
                    notes,
                    new DeskContext(facts, thread, journal, rules.policy()),
                    rules.policy(),
                    rules.desk()),
                new DeskThreadRoutes.Doing(acts, audit, flows, around.metrics()),
                names,
                viewers,
                events,
                clock));
  }

  /// Whether a user takes conversations: online, away or offline.
  Future<String> status(DeskUser user) {
    return presence
        .find(user.id())
        .map(found -> found.map(it -> it.status().word()).orElse("offline"));
  }

  @Override
  public void accept(Router router) {
    routes.forEach(it -> it.accept(router));
  }

  @Override
  public void end() {
    events.end();
  }
}
