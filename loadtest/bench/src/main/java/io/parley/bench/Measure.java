package io.parley.bench;

import java.util.List;

/// Something that is measured.
interface Measure {

  /// Measures on a ground that is all its own meanwhile.
  List<Figure> measure(Ground ground) throws Exception;
}
