import SeededRandom

/// Makes and sends wrong inputs for the public port.
struct HTTPFuzzer {
    private let target: FuzzTarget
    /// For bodies in right framing: many to a connection.
    private let kept: HTTPFuzzConnection
    /// For everything after which the server can't know where the next request begins.
    private let brief: HTTPFuzzConnection

    private static let kinds: [FuzzKind] = [
        .randomBytes, .truncatedRequest, .flippedRequest, .randomBody, .truncatedBody, .flippedBody, .flippedBody,
    ]

    init(_ target: FuzzTarget) {
        self.target = target
        kept = HTTPFuzzConnection(target.http)
        brief = HTTPFuzzConnection(target.http)
    }

    mutating func sendOne(_ random: inout SplitMix64, _ tally: inout FuzzTally) {
        let kind = random.pick(Self.kinds)
        let input = input(kind, &random)
        let outcome =
            switch kind {
            case .truncatedRequest: brief.sendAndLeave(input)
            case .randomBytes, .flippedRequest: askBriefly(input)
            default: kept.ask(input)
            }
        tally.note(outcome, of: kind, input)
    }

    private func askBriefly(_ input: [UInt8]) -> HTTPFuzzConnection.Outcome {
        brief.close()
        return brief.ask(input)
    }

    private func input(_ kind: FuzzKind, _ random: inout SplitMix64) -> [UInt8] {
        let seed = random.pick(target.httpSeeds)
        let right = HTTPFuzzConnection.request(seed.method, seed.path, token: target.token, body: Array(seed.body.utf8))
        switch kind {
        case .randomBytes: return random.bytes(16...600)
        case .truncatedRequest: return random.truncated(right)
        case .flippedRequest: return random.flipped(right)
        default: return around(kind, &random)
        }
    }

    /// A right request but for its body.
    private func around(_ kind: FuzzKind, _ random: inout SplitMix64) -> [UInt8] {
        let seed = random.pick(target.httpSeeds.filter { !$0.body.isEmpty })
        let body = Array(seed.body.utf8)
        let wrong =
            switch kind {
            case .randomBody: random.bytes(0...600)
            case .truncatedBody: random.truncated(body)
            default: random.flipped(body)
            }
        return HTTPFuzzConnection.request(seed.method, seed.path, token: target.token, body: wrong)
    }
}

extension FuzzTally {
    fileprivate mutating func note(_ outcome: HTTPFuzzConnection.Outcome, of kind: FuzzKind, _ input: [UInt8]) {
        switch outcome {
        case .answer(let status, _):
            count(kind, String(status))
            if status == 500 { fault("500", input: input) }
        case .closed: countClosed(kind)
        case .noAnswer where kind == .truncatedRequest: count(kind, "left")
        case .noAnswer: count(kind, "no answer in time")
        case .notConnected(let error):
            count(kind, "not connected")
            fault("\(error)")
        }
    }
}
