import DequeModule

/// The streams of a server's connection.
struct StreamsInFlight {
    /// Streams whose handlers have not returned.
    var count = 0
    /// Those that have credit, and wait for the peer to take what was written before. Each stands here once.
    var waitingForRoom: Deque<ServerCall> = []
    /// WINDOW frames that may still come for streams that have ended: they have crossed the end.
    var lateWindows = 0
}
