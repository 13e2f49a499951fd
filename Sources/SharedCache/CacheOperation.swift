/// Some commands that are sent together, and who waits for their answers.
struct CacheOperation: Sendable {
    let commands: [RedisCommand]
    let deadline: ContinuousClock.Instant
    /// Nil where nobody waits.
    let caller: CheckedContinuation<[RedisReply]?, Never>?
}
