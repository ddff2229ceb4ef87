package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The child's end of [Child].
final class Orders {

  private Orders() {}

  /// What obeys.
  interface Obedient {

    /// Carries out an order.
    JsonObject obey(String[] words) throws Exception;
  }

  /// Says that it is ready, then carries out orders until there are no more.
  static void obey(Obedient obedient) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    answers.println("@{}");
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = next(orders); order != null; order = next(orders)) {
      answers.println("@" + obedient.obey(order.split(" ", -1)).encode());
    }
  }

  private static String next(BufferedReader orders) throws IOException {
    return orders.readLine();
  }
}
