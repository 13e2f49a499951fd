import ServiceKit

/// Sends a request until it is answered: refusals that pass and lost connections are waited out.
///
/// Only for requests that may be repeated: reads, imports, and creations with an idempotency key.
public struct PersistentSender: Sendable {
    public enum Outcome: Sendable {
        /// - Parameter mayHaveHappenedBefore: an earlier try got no answer, and may have done its work all the same.
        case answered(APIReply, mayHaveHappenedBefore: Bool)
        case unreachable(reason: String)
    }

    private let client: HospitalClient
    private let patience: Duration
    private let firstPause: Duration
    private let stop: StopRequest?

    /// - Parameters:
    ///   - patience: how long to go on trying before the hospital counts as unreachable.
    ///   - stop: ends the patience.
    public init(
        client: HospitalClient, patience: Duration = .seconds(60), firstPause: Duration = .milliseconds(50), stop: StopRequest? = nil
    ) {
        self.client = client
        self.patience = patience
        self.firstPause = firstPause
        self.stop = stop
    }

    public func send(_ request: APIRequest) async throws(CancellationError) -> Outcome {
        let giveUp = ContinuousClock.now + patience
        var pause = firstPause
        var lostAnswers = 0
        while true {
            let asked: Duration?
            let reason: String
            do {
                let reply = try await client.send(request)
                guard reply.isTemporary else { return .answered(reply, mayHaveHappenedBefore: lostAnswers > 0) }
                (asked, reason) = (reply.retryAfter, reply.reason)
                if reply.status != 429 && reply.status != 409 { lostAnswers += 1 }
            } catch {
                (asked, reason) = (nil, "\(error)")
                lostAnswers += 1
            }
            guard ContinuousClock.now + pause < giveUp, stop?.isRequested != true else { return .unreachable(reason: reason) }
            try await Self.sleep(max(asked ?? .zero, pause * Double.random(in: 0.5...1)))
            pause = min(pause * 2, .seconds(3))
        }
    }

    private static func sleep(_ duration: Duration) async throws(CancellationError) {
        do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
    }
}
