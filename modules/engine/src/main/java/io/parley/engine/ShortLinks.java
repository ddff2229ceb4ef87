package io.parley.engine;

import io.parley.engine.Effect.Content;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Short links of ours: `https://parley.example.com/r/4fWq9ZtKbM`, each of which leads to a url
/// that stood in a message.
///
/// A code is derived from a secret, the send and the url's place in it. So every node and every
/// replay come to the same code, and nobody who knows one can tell the next, though a send's id is
/// no secret. A code has ten of 56 characters (58 bits): 0, 1, I, O, l and o are none of them.
///
/// @param base what stands before `/r/`; empty where urls are left as they are
/// @param secret at least as hard to guess as a code
public record ShortLinks(String base, String secret) {

  /// Urls are left as they are.
  public static final ShortLinks NONE = new ShortLinks("", "");

  /// The path of short links, before the code.
  public static final String PATH = "/r/";

  private static final String ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
  private static final int LENGTH = 10;
  private static final BigInteger RADIX = BigInteger.valueOf(ALPHABET.length());
  private static final Pattern CODE = Pattern.compile("[" + ALPHABET + "]{" + LENGTH + "}");

  /// The file of a template's media is named by a variable; a link that leads to it is not the
  /// file.
  private static final Pattern FILE =
      Pattern.compile(
          "(?i)https?://[^?#]+\\.(jpe?g|png|gif|webp|mp4|3gp|mp3|ogg|amr|pdf|docx?|xlsx?|pptx?|vcf)"
              + "([?#].*)?");

  /// A content in which short links stand for urls.
  ///
  /// @param urls where each code leads, in the order of the text
  public record Shortened(Content content, Map<String, String> urls) {
    public Shortened {
      urls = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(urls));
    }
  }

  /// Whether a text has the form of a code.
  public static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }

  /// Replaces each url in a text, or in the variables of a template. All else stays as it is, and
  /// so do short links of ours, files of media, and a variable that is the file of a template. A
  /// url that stands there twice has one code.
  public Shortened shorten(Content content, EffectId send) {
    if (base.isEmpty()) {
      return new Shortened(content, Map.of());
    }
    Map<String, String> codes = new LinkedHashMap<>();
    Content shortened =
        switch (content) {
          case Content.Text(var body, var media) ->
              new Content.Text(shorten(body, send, codes), media);
          case Content.Template(var sid, var variables) ->
              new Content.Template(sid, shorten(variables, send, codes));
        };
    Map<String, String> urls = new LinkedHashMap<>();
    codes.forEach((url, code) -> urls.put(code, url));
    return new Shortened(shortened, urls);
  }

  private Values shorten(Values variables, EffectId send, Map<String, String> codes) {
    Values shortened = variables;
    for (var variable : variables.entries().entrySet()) {
      if (variable.getValue() instanceof String text && !FILE.matcher(text.strip()).matches()) {
        shortened = shortened.with(variable.getKey(), shorten(text, send, codes));
      }
    }
    return shortened;
  }

  private String shorten(String text, EffectId send, Map<String, String> codes) {
    StringBuilder shortened = new StringBuilder();
    int copied = 0;
    for (FoundUrl found : FoundUrl.allIn(text)) {
      if (text.startsWith(base + PATH, found.start())) {
        continue;
      }
      String code = codes.computeIfAbsent(found.target(), _ -> code(send, codes.size()));
      shortened.append(text, copied, found.start()).append(base).append(PATH).append(code);
      copied = found.end();
    }
    return shortened.append(text, copied, text.length()).toString();
  }

  private String code(EffectId send, int place) {
    return word(send + " " + place);
  }

  /// A name of something that shall not be guessed from it: the same for the same thing.
  public String pseudonym(String thing) {
    return word("pseudonym " + thing);
  }

  private String word(String text) {
    BigInteger left = new BigInteger(1, Digest.sha256(secret + " " + text));
    StringBuilder word = new StringBuilder();
    while (word.length() < LENGTH) {
      BigInteger[] parts = left.divideAndRemainder(RADIX);
      word.append(ALPHABET.charAt(parts[1].intValue()));
      left = parts[0];
    }
    return word.toString();
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "ShortLinks[" + base + "]";
  }
}
