package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a conversation that was held as a case that expects just that.
final class CaseWriter {

  private CaseWriter() {}

  /// The YAML of one case.
  static String write(String name, Play play) {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("name", name);
    Setting setting = play.setting();
    written.put("at", setting.beginning().toString());
    boolean usual =
        setting
            .thread()
            .ours()
            .equals(setting.thread().theirs().isConversation() ? Setting.ROOMS : Setting.OURS);
    if (!usual) {
      written.put("ours", setting.thread().ours().value());
    }
    Map<String, Object> contact = contact(setting);
    if (!contact.isEmpty()) {
      written.put("contact", contact);
    }
    List<Act> acts = play.acts().stream().filter(act -> act.obstacle().isEmpty()).toList();
    boolean requested = !acts.isEmpty() && acts.getFirst().deed() instanceof Deed.Requests;
    if (setting.bound() == requested) {
      written.put("bound", setting.bound());
    }
    written.put("steps", acts.stream().map(act -> step(act, setting)).toList());
    written.put("expect", end(play, acts));
    return YamlText.entries(written, 0) + "\n";
  }

  private static Map<String, Object> contact(Setting setting) {
    Map<String, Object> contact = new LinkedHashMap<>();
    Address theirs = setting.thread().theirs();
    if (!theirs.equals(Setting.THEIRS) && !theirs.isConversation()) {
      contact.put("address", setting.thread().theirs().value());
    }
    setting.person().externalId().ifPresent(it -> contact.put("external_id", it));
    Values attributes = setting.person().attributes();
    if (!attributes.isEmpty()) {
      contact.put("attributes", attributes.entries());
    }
    setting.block().ifPresent(it -> contact.put("blocked", it.word()));
    return contact;
  }

  private static Map<String, Object> step(Act act, Setting setting) {
    Map<String, Object> step = new LinkedHashMap<>(act.deed().written());
    if (act.deed() instanceof Deed.Fails) {
      return step;
    }
    Map<String, Object> expect = new LinkedHashMap<>();
    String contact = setting.thread().theirs().value();
    expect.put("messages", act.messages().stream().map(it -> it.written(contact)).toList());
    if (!act.asked().isEmpty()) {
      expect.put("requests", act.asked().stream().map(Asked::written).toList());
    }
    act.refusal().ifPresent(it -> expect.put("refused", it.word()));
    act.after().widget().ifPresent(it -> expect.put("standing", it));
    step.put("expect", expect);
    return step;
  }

  private static Map<String, Object> end(Play play, List<Act> acts) {
    Map<String, Object> end = new LinkedHashMap<>();
    List<Object> path = new ArrayList<>();
    acts.forEach(act -> act.path().forEach(hop -> path.add(Expectation.hop(hop, 2))));
    end.put("path", path);
    if (!play.standing().variables().isEmpty()) {
      end.put("variables", play.standing().variables().entries());
    }
    end.put("ended", play.standing().result().orElse("false"));
    play.standing().block().ifPresent(it -> end.put("blocked", it.word()));
    return end;
  }
}
