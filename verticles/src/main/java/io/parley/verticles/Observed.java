package io.parley.verticles;

import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts what only Vert.x itself sees: requests over HTTP, and who waits for a connection of a
/// pool or for a worker. Thread-safe.
final class Observed implements VertxMetricsFactory, VertxMetrics {

  private static final Set<String> POOLS = Set.of("sql", "worker");

  private final Metrics metrics;

  Observed(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public VertxMetrics metrics(VertxOptions options) {
    return this;
  }

  @Override
  public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
      HttpServerOptions options, SocketAddress address) {
    return new Requests();
  }

  @Override
  public @Nullable PoolMetrics<?, ?> createPoolMetrics(String type, String name, int maxSize) {
    return POOLS.contains(type) ? new Places(metrics, name) : null;
  }

  @Override
  public boolean isMetricsEnabled() {
    return true;
  }

  /// A request that is under way. A stream of events is answered when its head is.
  private static final class UnderWay {

    private final long begun = System.nanoTime();
    private boolean answered;
  }

  private final class Requests implements HttpServerMetrics<UnderWay, Object, Object> {

    @Override
    public UnderWay requestBegin(Object socket, HttpRequest request) {
      metrics.requestsUnderWay().incrementAndGet();
      return new UnderWay();
    }

    @Override
    public void responseBegin(UnderWay request, HttpResponse response) {
      if (!request.answered) {
        request.answered = true;
        metrics.requestsUnderWay().decrementAndGet();
        metrics.answered(System.nanoTime() - request.begun);
      }
    }

    @Override
    public void requestReset(UnderWay request) {
      if (!request.answered) {
        request.answered = true;
        metrics.requestsUnderWay().decrementAndGet();
      }
    }
  }

  /// The places of a pool.
  private static final class Places implements PoolMetrics<Long, Long> {

    private final Metrics metrics;
    private final String pool;
    private final AtomicLong waiting;
    private final AtomicLong taken;

    private Places(Metrics metrics, String pool) {
      this.metrics = metrics;
      this.pool = pool;
      this.waiting = metrics.poolWaiting(pool);
      this.taken = metrics.poolTaken(pool);
    }

    @Override
    public Long enqueue() {
      waiting.incrementAndGet();
      return System.nanoTime();
    }

    @Override
    public void dequeue(Long since) {
      waiting.decrementAndGet();
      metrics.poolWaited(pool, System.nanoTime() - since);
    }

    @Override
    public Long begin() {
      taken.incrementAndGet();
      return System.nanoTime();
    }

    @Override
    public void end(Long since) {
      taken.decrementAndGet();
    }
  }
}
