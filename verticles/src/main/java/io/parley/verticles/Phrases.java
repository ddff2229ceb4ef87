package io.parley.verticles;

import io.parley.engine.flow.FlowProblem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// What commands, answers and the log say in the same words.
final class Phrases {

  private Phrases() {}

  /// So many of them: `1 problem`, `2 problems`.
  static String count(int count, String noun) {
    return count == 1 ? "1 " + noun : count + " " + noun + "s";
  }

  /// Why a file cannot be read or written, for people.
  static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or folder";
      case AccessDeniedException _ -> "permission is denied";
      case CharacterCodingException _ -> "it is no text in UTF-8; save it as UTF-8";
      default -> {
        String message = String.valueOf(e.getMessage());
        yield message.equals("Is a directory") ? "it is a folder; name a file in it" : message;
      }
    };
  }

  /// A line for each problem of a file: `policy.yaml: #/notices/brand must be a text`.
  static List<String> lines(Path file, List<FlowProblem> problems) {
    return problems.stream()
        .map(it -> file + ": " + it.propertyPath() + " " + it.message())
        .toList();
  }
}
