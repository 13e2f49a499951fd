import NIOCore

/// What the addresses of a service stand for now, and when names among them are to be looked up again. Without sockets and clocks.
struct AddressLookUp {
    private struct Name {
        let address: ServerAddress
        var found: [SocketAddress] = []
        var failure: String?
    }

    /// Failures make for an earlier look, but not for one after the other.
    private static let shortestPause = TimeAmount.seconds(1)

    private let pace: TimeAmount
    /// Each with what it stands for; addresses in digits stand for themselves.
    private var names: [Name]
    private var unanswered = 0
    private var nextBegin: NIODeadline
    private var lastBegin: NIODeadline?

    init(of addresses: [ServerAddress], pace: TimeAmount) {
        self.pace = pace
        names = addresses.map { Name(address: $0, found: Self.inDigits($0).map { [$0] } ?? []) }
        nextBegin = names.contains { $0.found.isEmpty } ? .distantPast : .distantFuture
    }

    private static func inDigits(_ address: ServerAddress) -> SocketAddress? {
        // What isn't in digits is a name.
        try? SocketAddress(ipAddress: address.host, port: address.port)
    }

    /// Every address once, in the order in which they are configured and were found.
    func addresses(atMost limit: Int) -> [SocketAddress] {
        var seen: Set<SocketAddress> = []
        return Array(names.flatMap(\.found).filter { seen.insert($0).inserted }.prefix(limit))
    }

    var isUnderWay: Bool { unanswered > 0 }

    /// The names to look up now; nil where that is under way, not due, or of no use.
    mutating func begin(at now: NIODeadline) -> [ServerAddress]? {
        guard !isUnderWay, nextBegin <= now else { return nil }
        let due = names.map(\.address).filter { Self.inDigits($0) == nil }
        unanswered = due.count
        lastBegin = now
        nextBegin = now + pace
        return due
    }

    /// A name that stands for nobody any more is taken for one that can't be looked up.
    mutating func found(_ addresses: [SocketAddress], for name: ServerAddress, at now: NIODeadline) {
        guard !addresses.isEmpty else { return failed("\(name) stands for no address", for: name, at: now) }
        answered(name) {
            $0.found = addresses
            $0.failure = nil
        }
    }

    /// What was known before goes on to hold.
    mutating func failed(_ reason: String, for name: ServerAddress, at now: NIODeadline) {
        answered(name) { $0.failure = reason }
        if let lastBegin { nextBegin = max(now, lastBegin + Self.shortestPause) }
    }

    private mutating func answered(_ name: ServerAddress, _ note: (inout Name) -> Void) {
        unanswered = max(0, unanswered - 1)
        for index in names.indices where names[index].address == name { note(&names[index]) }
    }

    /// Something speaks for an earlier look.
    mutating func hasten(at now: NIODeadline) {
        guard nextBegin != .distantFuture, let lastBegin else { return }
        nextBegin = min(nextBegin, max(now, lastBegin + Self.shortestPause))
    }

    var nextAttention: NIODeadline { isUnderWay ? .distantFuture : nextBegin }

    /// How soon it may find something.
    var prospect: Prospect {
        if isUnderWay { return .soon }
        return .later(nextBegin, because: names.compactMap(\.failure).first ?? "no server is known")
    }
}
