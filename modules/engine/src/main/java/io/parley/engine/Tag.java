package io.parley.engine;

/// What a reply means, as a tagger saw it.
///
/// @param score 0 to 1
/// @param evidence why, in few words: `keyword STOP`
public record Tag(String name, double score, String evidence) {

  public static final String OPT_OUT = "opt_out";

  /// The reply may be an opt-out, or may not.
  public static final String OPT_OUT_UNCLEAR = "opt_out_unclear";

  public static final String OPT_IN = "opt_in";
  public static final String HELP = "help";

  private static final String CHOICE = "choice_";

  /// Whether it says what is talked about. The others say how a reply answers: that messages are
  /// wanted again, or which of the options was picked.
  boolean tellsSubject() {
    return !name.equals(OPT_IN) && !name.startsWith(CHOICE);
  }
}
