package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Execution;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A scene in which templates are what they say, and that keeps what is done in it.
final class FakeScene implements Scene {

  private final Map<String, Object> variables = new LinkedHashMap<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final List<Effect.Request> calls = new ArrayList<>();

  List<Effect.Request> calls() {
    return calls;
  }

  Map<String, Object> variables() {
    return variables;
  }

  List<Warning> warnings() {
    return warnings;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH;
  }

  @Override
  public Address ours() {
    return new Address("+15005550006");
  }

  @Override
  public Address theirs() {
    return new Address("+15005550007");
  }

  @Override
  public String text(String template) {
    return template;
  }

  @Override
  public Sending send(Address from, Address to, Effect.Content content) {
    throw new UnsupportedOperationException("nothing is sent here");
  }

  @Override
  public Sending sendWithShortLinks(Address from, Address to, Effect.Content content) {
    throw new UnsupportedOperationException("nothing is sent here");
  }

  @Override
  public boolean hears(Address address) {
    return false;
  }

  @Override
  public Sending say(Effect.Content content, Effect.Byline byline) {
    throw new UnsupportedOperationException("nothing is said here");
  }

  @Override
  public Sending sayWithShortLinks(Effect.Content content, Effect.Byline byline) {
    throw new UnsupportedOperationException("nothing is said here");
  }

  @Override
  public boolean mayOpenRoom() {
    return false;
  }

  @Override
  public void enterRoom(Execution.Room room) {
    throw new UnsupportedOperationException("there is no conversation here");
  }

  @Override
  public EffectId timer(Duration after, Effect.ScheduleTimer.Purpose purpose) {
    throw new UnsupportedOperationException("nothing is waited for here");
  }

  @Override
  public void cancel(EffectId timer) {
    throw new UnsupportedOperationException("nothing is waited for here");
  }

  @Override
  public EffectId call(Effect.Request request) {
    calls.add(request);
    return new EffectId(ConversationId.of(new ThreadId(ours(), theirs())), 1, calls.size());
  }

  @Override
  public EffectId handOver(Values request) {
    throw new UnsupportedOperationException("nothing is handed over here");
  }

  @Override
  public void takeBack(EffectId handoff, String why) {
    throw new UnsupportedOperationException("nothing is handed over here");
  }

  @Override
  public boolean answersMessage() {
    return false;
  }

  @Override
  public int lot(String widget, int below) {
    return 0;
  }

  @Override
  public void assign(String cohort) {
    throw new UnsupportedOperationException("nothing is drawn here");
  }

  @Override
  public void set(String name, Object value) {
    variables.put(name, value);
  }

  @Override
  public void warn(Warning warning) {
    warnings.add(warning);
  }

  @Override
  public Bargaining bargaining() {
    throw new UnsupportedOperationException("nothing is offered here");
  }
}
