package io.parley.loadtest.shop;

/// A request that reached the shop.
///
/// @param path such as `/cart/customer-1`
/// @param call the `Idempotency-Key`, which names the call that it is of
public record Asked(String method, String path, String call) {}
