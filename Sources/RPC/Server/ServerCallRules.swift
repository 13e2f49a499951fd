import NIOCore

/// What a server grants its callers.
struct ServerCallRules {
    /// What a refused caller is asked to wait.
    var overloadPushback: Duration
    /// The longest that a call may take, whatever its caller grants.
    var maximumTimeout: TimeAmount
    /// The same for a call that is answered by a stream.
    var maximumStreamTimeout: TimeAmount = .hours(1)
    /// How long calls may take on a connection that is drained for its age.
    var ageGrace: Duration

    /// Counted from the arrival of the call's bytes.
    func timeout(of request: Request) -> TimeAmount {
        let most = request.creditKiB == nil ? maximumTimeout : maximumStreamTimeout
        guard request.timeoutMilliseconds > 0 else { return most }
        return min(.milliseconds(Int64(request.timeoutMilliseconds)), most)
    }
}
