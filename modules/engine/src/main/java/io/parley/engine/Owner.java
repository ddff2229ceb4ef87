package io.parley.engine;

/// Who speaks for us in a conversation.
public enum Owner {
  BOT,
  QUEUED,
  AGENT,
  EXTERNAL,
  CLOSED
}
