import RPC

/// What was found out about a token, for whoever is shown the same token again and again.
///
/// It holds for a second at most: until the files of the key sets are looked at again. So whoever keeps it hears of other
/// keys no later than whoever asks each time.
extension RecognizedCaller {
    init(_ token: VerifiedToken, at now: Double, lookAgainAt: Double) {
        self.init(principal: token.principal, validity: now..<max(now, min(token.validUntil, lookAgainAt)))
    }

    /// A clock that was set back says no, too.
    func holds(at now: Double) -> Bool { validity.contains(now) }
}
