-- Serves: the executions of a conversation, in their order.
create index execution_conversation on execution (conversation, first_turn);
