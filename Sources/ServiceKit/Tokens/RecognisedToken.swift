public import RPC

/// What was found out about a token, for whoever is shown the same token again and again.
///
/// It holds for a second at most: until the files of the key sets are looked at again. So whoever keeps it hears of other
/// keys no later than whoever asks each time.
public struct RecognisedToken: Sendable {
    public let principal: Principal
    /// Seconds since 1970.
    private let validity: Range<Double>

    init(_ token: VerifiedToken, at now: Double, lookAgainAt: Double) {
        principal = token.principal
        validity = now..<max(now, min(token.validUntil, lookAgainAt))
    }

    /// As it is remembered over a connection.
    init(_ caller: RecognizedCaller) {
        principal = caller.principal
        validity = caller.validity
    }

    var caller: RecognizedCaller { RecognizedCaller(principal: principal, validity: validity) }

    /// A clock that was set back says no, too.
    func holds(at now: Double) -> Bool { validity.contains(now) }
}
