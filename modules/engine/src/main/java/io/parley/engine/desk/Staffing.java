package io.parley.engine.desk;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is asked of those who answer.
///
/// ```yaml
/// agents: {capacity: 5, offer: 45s, misses: 3, silence: 10m, idle: 15m, present: 90s,
///          people: {asha@acme.example: {capacity: 3, skills: [french]}}}
/// ```
///
/// @param capacity the weight of conversations that an agent may have at once
/// @param offer how long an agent has to take what is offered
/// @param misses after so many missed in a row an agent is set away
/// @param silence how long an agent may leave a contact waiting, in hours in which somebody is
///     there; zero for as long as they like
/// @param idle after the agent's last word a conversation waits for the contact, and is on nobody's
///     hands; zero for never by itself
/// @param present how long the desk may be unheard of before its agent counts as gone
/// @param people by e-mail address, in small letters
public record Staffing(
    int capacity,
    Duration offer,
    int misses,
    Duration silence,
    Duration idle,
    Duration present,
    Map<String, Member> people) {

  public static final Staffing DEFAULT =
      new Staffing(
          5,
          Duration.ofSeconds(45),
          3,
          Duration.ofMinutes(10),
          Duration.ofMinutes(15),
          Duration.ofSeconds(90),
          Map.of());

  /// What is particular to somebody.
  public record Member(Optional<Integer> capacity, Set<String> skills) {

    static final Member USUAL = new Member(Optional.empty(), Set.of());

    public Member {
      skills = Collections.unmodifiableSet(new LinkedHashSet<>(skills));
    }
  }

  public Staffing {
    people = Collections.unmodifiableMap(new LinkedHashMap<>(people));
  }

  /// What is particular to who signs in with an e-mail address.
  public Member member(String email) {
    return people.getOrDefault(email.strip().toLowerCase(Locale.ROOT), Member.USUAL);
  }

  static Staffing read(Place place) {
    if (!place.holdsOnly("capacity", "offer", "misses", "silence", "idle", "present", "people")) {
      return DEFAULT;
    }
    Map<String, Member> people = new LinkedHashMap<>();
    Place named = place.get("people");
    if (!named.isAbsent() && !named.isObject()) {
      named.problem(
          "must be an object of e-mail addresses, such as {asha@acme.example: {capacity: 3}}");
    }
    for (String email : named.names()) {
      Place one = named.get(email);
      one.holdsOnly("capacity", "skills");
      people.put(
          email.strip().toLowerCase(Locale.ROOT),
          new Member(
              one.get("capacity").isAbsent()
                  ? Optional.empty()
                  : Optional.of(Whole.read(one.get("capacity"), 0, 0, 1_000)),
              Words.read(one.get("skills"))));
    }
    return new Staffing(
        Whole.read(place.get("capacity"), DEFAULT.capacity, 0, 1_000),
        time(place.get("offer"), DEFAULT.offer),
        Whole.read(place.get("misses"), DEFAULT.misses, 1, 1_000),
        maybe(place.get("silence"), DEFAULT.silence),
        maybe(place.get("idle"), DEFAULT.idle),
        time(place.get("present"), DEFAULT.present),
        people);
  }

  private static Duration time(Place place, Duration usual) {
    return place.duration(
        usual, Duration::isPositive, "must be a length of time such as 45s or 2m");
  }

  private static Duration maybe(Place place, Duration usual) {
    return place.text().equals("off")
        ? Duration.ZERO
        : place.duration(
            usual, Duration::isPositive, "must be a length of time such as 10m or 1h, or off");
  }
}
