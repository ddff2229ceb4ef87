package io.parley.engine;

/// What a reply means, as a tagger saw it.
///
/// @param score 0 to 1
/// @param evidence why, in few words: `keyword STOP`
public record Tag(String name, double score, String evidence) {

  public static final String OPT_OUT = "opt_out";
  public static final String OPT_IN = "opt_in";
  public static final String HELP = "help";
}
