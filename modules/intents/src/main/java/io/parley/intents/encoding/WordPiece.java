package io.parley.intents.encoding;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// BERT's uncased tokeniser: text becomes lower case, loses its accents, is cut at spaces and
/// punctuation, and each word is spelled with the longest pieces that the vocabulary has.
final class WordPiece {

  /// A word of more characters is unknown, as in BERT's own tokeniser.
  private static final int MAX_WORD = 100;

  private static final Pattern ENTRY =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*:\\s*(\\d+)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");
  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int first;
  private final int last;

  private WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
    this.unknown = vocabulary.getOrDefault("[UNK]", 100);
    this.first = vocabulary.getOrDefault("[CLS]", 101);
    this.last = vocabulary.getOrDefault("[SEP]", 102);
  }

  /// @param json a `tokenizer.json` of the Hugging Face kind, of which only the vocabulary is read
  static WordPiece of(String json) {
    int start = json.indexOf("\"vocab\"");
    if (start < 0) {
      throw new IllegalArgumentException("no vocabulary in the tokeniser's file");
    }
    Map<String, Integer> vocabulary = new HashMap<>(65_536);
    Matcher entry = ENTRY.matcher(json).region(json.indexOf('{', start), json.length());
    while (entry.find()) {
      vocabulary.put(unescaped(entry.group(1)), Integer.parseInt(entry.group(2)));
    }
    return new WordPiece(vocabulary);
  }

  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    return ESCAPE
        .matcher(text)
        .replaceAll(
            it -> {
              String code = it.group(1);
              String plain =
                  code.length() == 5
                      ? String.valueOf((char) Integer.parseInt(code.substring(1), 16))
                      : code;
              return Matcher.quoteReplacement(plain);
            });
  }

  /// The ids of a text, from the mark that opens it to the one that closes it.
  ///
  /// @param most ids at the most; what is beyond is left out
  long[] ids(String text, int most) {
    List<Integer> ids = new ArrayList<>();
    ids.add(first);
    for (String word : words(text)) {
      spell(word, ids);
    }
    int count = Math.min(ids.size(), most - 1);
    long[] all = new long[count + 1];
    for (int i = 0; i < count; i++) {
      all[i] = ids.get(i);
    }
    all[count] = last;
    return all;
  }

  private static List<String> words(String text) {
    String plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    String bare = MARKS.matcher(plain).replaceAll("");
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    bare.codePoints()
        .forEach(
            c -> {
              if (white(c)) {
                close(word, words);
              } else if (alone(c)) {
                close(word, words);
                words.add(Character.toString(c));
              } else if (visible(c)) {
                word.appendCodePoint(c);
              }
            });
    close(word, words);
    return words;
  }

  private static void close(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private void spell(String word, List<Integer> ids) {
    int size = word.codePointCount(0, word.length());
    if (size > MAX_WORD) {
      ids.add(unknown);
      return;
    }
    List<Integer> pieces = new ArrayList<>();
    int at = 0;
    while (at < word.length()) {
      int end = word.length();
      Integer id = null;
      while (end > at) {
        String piece = word.substring(at, end);
        id = vocabulary.get(at == 0 ? piece : "##" + piece);
        if (id != null) {
          break;
        }
        end--;
      }
      if (id == null) {
        ids.add(unknown);
        return;
      }
      pieces.add(id);
      at = end;
    }
    ids.addAll(pieces);
  }

  private static boolean white(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  private static boolean visible(int c) {
    return c != 0
        && c != 0xFFFD
        && switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED ->
              false;
          default -> true;
        };
  }

  /// Punctuation and ideographs are words of their own.
  private static boolean alone(int c) {
    if ((c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> ideograph(c);
    };
  }

  private static boolean ideograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
