package io.parley.edge;

import io.parley.engine.Channel;
import io.parley.engine.Effect;
import io.parley.engine.MessageSid;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Carries each message by the channel that its recipient is on.
public final class Channels implements MessageChannel {

  private final Map<Channel, MessageChannel> byKind;

  /// @param byKind what carries the messages of each channel; one may carry several
  public Channels(Map<Channel, MessageChannel> byKind) {
    this.byKind = new EnumMap<>(byKind);
    Set<Channel> missing = new HashSet<>(Set.of(Channel.values()));
    missing.removeAll(byKind.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("nothing carries the messages of " + missing);
    }
  }

  @Override
  public Answer send(Effect.Send send) {
    return of(send).send(send);
  }

  @Override
  public Lookup find(Effect.Send send, Instant since, Set<MessageSid> accounted) {
    return of(send).find(send, since, accounted);
  }

  @Override
  public int segments(Effect.Send send) {
    return of(send).segments(send);
  }

  private MessageChannel of(Effect.Send send) {
    MessageChannel channel = byKind.get(send.to().channel());
    if (channel == null) {
      throw new IllegalStateException("nothing carries messages to " + send.to().masked());
    }
    return channel;
  }

  /// Closes every one of them.
  @Override
  public void close() {
    for (MessageChannel channel : new HashSet<>(byKind.values())) {
      channel.close();
    }
  }
}
