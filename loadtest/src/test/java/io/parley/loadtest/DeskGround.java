package io.parley.loadtest;

import io.parley.loadtest.postgres.PostgresServer;
import java.io.IOException;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// What every house with a desk stands on: one Postgres and one Chromium for all tests, which end
/// with the last of them.
record DeskGround(Chromium chromium, PostgresServer postgres) implements AutoCloseable {

  private static DeskGround lay() {
    Stages.assumeJar();
    Chromium chromium = Chromium.start();
    try {
      return new DeskGround(chromium, PostgresServer.start(Stages.emptyFolder("desk-postgres")));
    } catch (Exception e) {
      chromium.close();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    chromium.close();
    postgres.close();
  }

  /// Hands the ground to the methods that ask for it. What is missing skips the class, which it
  /// can only before the methods are called.
  static final class Resolver implements BeforeAllCallback, ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
      ground(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == DeskGround.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return ground(context);
    }

    private static DeskGround ground(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(DeskGround.class))
          .getOrComputeIfAbsent(DeskGround.class, _ -> lay(), DeskGround.class);
    }
  }
}
