package io.parley.store;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What somebody may do at the desk. Agents answer customers, leads also see everybody's work and
/// move it, admins also say who works here. An auditor reads everything and does nothing.
public enum Role {
  AGENT,
  LEAD,
  ADMIN,
  AUDITOR;

  /// The role of a word such as `lead`; empty where there is none.
  public static Optional<Role> of(String word) {
    return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
  }

  /// As it stands in the database and in JSON: `lead`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it may look at what is for a role and those above it.
  public boolean mayRead(Role least) {
    return this == AUDITOR || mayDo(least);
  }

  /// Whether it may do what is for a role and those above it. What is for auditors is for admins,
  /// too.
  public boolean mayDo(Role least) {
    return switch (this) {
      case AGENT -> least == AGENT;
      case LEAD -> least == AGENT || least == LEAD;
      case ADMIN -> true;
      case AUDITOR -> false;
    };
  }
}
